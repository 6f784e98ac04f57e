# What snapify made is recognised and not rewritten again.
assemble in.wasm <<'WAT'
(module
  (memory (export "memory") 1)
  (func $work (export "work"))
  (func (export "_start") (call $work)))
WAT
run in.wasm -o once.wasm --dest work=edge1
run once.wasm -o twice.wasm --policy=always
run once.wasm -o same.wasm
list
