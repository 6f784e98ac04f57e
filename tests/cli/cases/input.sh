run missing.wasm -o out.wasm
run . -o out.wasm
tiny >in.wasm
run in.wasm/through/a/file -o out.wasm
mkdir "$(printf 'with\nline')"
run "$(printf 'with\nline')" -o out.wasm
rmdir "$(printf 'with\nline')"
list
