tiny >in.wasm
"$SNAPIFY" -q in.wasm -o plain.wasm

echo 'onto the input'
cp in.wasm same.wasm
"$SNAPIFY" -q same.wasm -o same.wasm
cmp same.wasm plain.wasm

echo 'through a link'
mkdir elsewhere
: >elsewhere/real.wasm
ln -s elsewhere/real.wasm link.wasm
"$SNAPIFY" -q in.wasm -o link.wasm
cmp elsewhere/real.wasm plain.wasm
[ -h link.wasm ] && echo 'it still is a link'

echo 'mode from the umask'
(umask 027 && "$SNAPIFY" -q in.wasm -o mode.wasm)
ls -l mode.wasm | cut -c 1-10

list . elsewhere
