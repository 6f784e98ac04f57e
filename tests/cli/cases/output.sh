tiny >in.wasm
run in.wasm -o missing/out.wasm
run in.wasm -o in.wasm/out.wasm
mkdir directory
run in.wasm -o directory
run in.wasm -o "$(printf '%0300d' 0)" | sed 's/0\{300\}/(a name of 300 digits)/'

# What cannot be written is known before the input is read.
run missing.wasm -o missing/out.wasm

# A refused input leaves an older output alone.
echo precious >out.wasm
echo 'not wasm' >bad.wasm
run bad.wasm -o out.wasm
cat out.wasm
list
