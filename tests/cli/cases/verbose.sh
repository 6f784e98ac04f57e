tiny >in.wasm
run -v in.wasm -o out.wasm | sed 's/[0-9.]* ms/N ms/g'
run -q -v in.wasm -o out.wasm | sed 's/[0-9.]* ms/N ms/g'
