# A limit on the size of files fails in the same place as a full disk does.
tiny >in.wasm
head -c 100000 /dev/zero >zeros
# A custom section of 100,000 zeros behind the module, named "x".
{ cat in.wasm; printf '\000\242\215\006\001x'; cat zeros; } >big.wasm
rm zeros
echo precious >out.wasm
# Through a pipe: the limit would hold for what this case prints, too.
(ulimit -f 8 && run -q big.wasm -o out.wasm) | cat
(ulimit -f 8 && run -q big.wasm -o new.wasm) | cat
cat out.wasm
list
