# Tail calls that became calls are named; those that nothing comes back to stay what they are.
asks_for_tail_calls() {
    if wasm-validate "$1" 2>/dev/null; then echo "$1: no"; else echo "$1: yes"; fi
}
assemble in.wasm --enable-tail-call --debug-names <<'WAT'
(module
  (memory (export "memory") 1)
  (func $work (export "work"))
  (func $odd (return_call $even))
  (func $even (return_call $work))
  (func (export "_start") (call $odd)))
WAT
run in.wasm -o lowered.wasm --dest work=edge1
run in.wasm -o lowered.wasm --quiet --dest work=edge1
asks_for_tail_calls lowered.wasm
assemble in.wasm --enable-tail-call <<'WAT'
(module
  (memory (export "memory") 1)
  (func $work (export "work") (return_call $leaf))
  (func $leaf)
  (func $apart (return_call $leaf))
  (func (export "_start") (call $work) (call $apart)))
WAT
run in.wasm -o kept.wasm --dest work=edge1
asks_for_tail_calls kept.wasm
assemble in.wasm --enable-tail-call <<'WAT'
(module
  (memory (export "memory") 1)
  (func $work (export "work") (param $n i32)
    (if (local.get $n) (then (return_call $work (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "_start") (call $work (i32.const 5))))
WAT
run in.wasm -o loop.wasm --policy=always
run in.wasm --list-points --policy=always --points=all
run in.wasm --list-points --policy=always
asks_for_tail_calls loop.wasm
assemble in.wasm --enable-tail-call <<WAT
(module
  (memory (export "memory") 1)
  (func (export "work"))
  $(for n in 1 2 3 4 5 6 7 8 9 10; do echo "(func (return_call $((n - 1))))"; done)
  (func (export "_start") (call 10)))
WAT
run in.wasm -o many.wasm --dest work=edge1
