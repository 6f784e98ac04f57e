tiny >in.wasm
"$SNAPIFY" -q in.wasm -o plain.wasm

echo 'standard input, standard output'
"$SNAPIFY" -q - -o - <in.wasm | cmp - plain.wasm
"$SNAPIFY" -q in.wasm -o - >out.wasm && cmp out.wasm plain.wasm
"$SNAPIFY" -q in.wasm -o /dev/stdout | cat | cmp - plain.wasm

echo 'a pipe with a name'
mkfifo pipe
cat pipe >out.wasm &
"$SNAPIFY" -q in.wasm -o pipe
wait
cmp out.wasm plain.wasm
[ -p pipe ] && echo 'it still is a pipe'

echo 'devices'
run -q in.wasm -o /dev/null
[ -c /dev/null ] && echo 'it still is a device'
run -q in.wasm -o /dev/full
echo '$ snapify -q in.wasm -o - >/dev/full'
"$SNAPIFY" -q in.wasm -o - 2>&1 >/dev/full || echo "[exit $?]"
echo '$ snapify --help >/dev/full'
"$SNAPIFY" --help 2>&1 >/dev/full || echo "[exit $?]"
echo '$ snapify --help >&-'
"$SNAPIFY" --help 2>&1 >&- || echo "[exit $?]"

echo 'all standard streams closed'
"$SNAPIFY" in.wasm -o closed.wasm <&- >&- 2>&-
cmp closed.wasm plain.wasm

run - -o out2.wasm
list
