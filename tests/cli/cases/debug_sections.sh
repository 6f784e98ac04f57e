# DWARF is left out, with a note, with and without -g; -g keeps the names (those of functions with
# points are in every output). Without marks the module
# stays as it is, and so does DWARF.
assemble in.wasm --debug-names <<'WAT'
(module
  (memory (export "memory") 1)
  (func $helper_by_name)
  (func $work (export "work") (call $helper_by_name))
  (func (export "_start") (call $work)))
WAT
printf '\000\015\013.debug_info\001' >>in.wasm
run in.wasm -o out.wasm --dest work=edge1
run in.wasm -o named.wasm -g --dest work=edge1
run in.wasm -o same.wasm
for file in out named same; do
    for word in debug_info helper_by_name; do
        if LC_ALL=C grep -q "$word" $file.wasm; then echo "$file: $word"; fi
    done
done
echo 'a line break in the name of a node'
run in.wasm -o broken.wasm --dest "work=two
lines"
list
