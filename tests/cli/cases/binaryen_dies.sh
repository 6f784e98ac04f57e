# These look right from outside, but Binaryen ends the process over the code in them.
tiny '\377' >unknown_opcode.wasm
tiny '\040' >bad_local.wasm
tiny '\013' >early_end.wasm
tiny '\174' >wrong_type.wasm
for module in *.wasm; do
    run "$module" -o out
done
rm -- *.wasm
list
