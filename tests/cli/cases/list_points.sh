assemble in.wasm <<'WAT'
(module
  (memory (export "memory") 1)
  (func $work (export "work") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (call $work (i32.sub (local.get 0) (i32.const 1))))))
  (func $offloaded (export "offloaded"))
  (func (export "_start")
    (drop (call $work (i32.const 3)))
    (call $offloaded)))
WAT
run in.wasm --list-points
run in.wasm --list-points --dest work=edge1 --dest work=cloud1 --may-offload offloaded=cloud1
run in.wasm --list-points --json --dest work=edge1
run in.wasm --list-points --dest nothing=edge1
run in.wasm --list-points --dest "work=$(printf 'two\twords\033')"
list
