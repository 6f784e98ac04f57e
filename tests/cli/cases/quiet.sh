tiny >in.wasm
echo 'not wasm' >bad.wasm
run -q in.wasm -o out.wasm
run -q bad.wasm -o out2.wasm
run --quiet in.wasm -o out.wasm --verbose --quiet
