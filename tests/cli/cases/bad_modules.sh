printf '(module)\n' >text.wasm
: >empty.wasm
printf '\000asm' >magic_only.wasm
printf '\000asm\015\000\001\000' >component.wasm
printf '\000asm\002\000\000\000' >version2.wasm
printf 'GIF89a and so on' >picture.wasm
tiny | head -c 30 >truncated.wasm
{ tiny; printf '\377\377'; } >trailing.wasm
for module in *.wasm; do
    run "$module" -o out
done
rm -- *.wasm
list
