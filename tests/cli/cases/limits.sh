# Little address space: the large stack of the child does not fit, a smaller one does.
tiny >in.wasm
if ! (ulimit -v 900000 && "$SNAPIFY" --version >/dev/null 2>&1); then
    skip 'the tool does not start with 900 MB of address space (a sanitizer build)'
fi
"$SNAPIFY" -q in.wasm -o plain.wasm
(ulimit -v 900000 && run -q in.wasm -o out.wasm)
cmp out.wasm plain.wasm

echo 'no descriptors left for the child process'
sh -c 'ulimit -n 6 && exec "$SNAPIFY" in.wasm -o out2.wasm' 2>&1 || echo "[exit $?]"
list
