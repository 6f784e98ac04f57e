;; Proves: a start function runs once, before _start, and never again after a restore; points in what
;; it calls work like any other. (It writes nothing: most engines do not serve WASI calls before
;; _start. Its effects are said later.)
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $starts (mut i32) (i32.const 0))

  (func $prepare (export "prepare") (param $n i32) (result i32)
    (i32.store (i32.mul (local.get $n) (i32.const 4))
      (i32.add (i32.load (i32.mul (local.get $n) (i32.const 4))) (local.get $n)))
    (i32.add (local.get $n) (i32.const 1)))

  (func $start
    (global.set $starts (i32.add (global.get $starts) (i32.const 1)))
    (global.set $starts
      (i32.add (global.get $starts)
        (i32.mul (i32.const 10) (call $prepare (call $prepare (i32.const 30)))))))
  (start $start)

  (func (export "_start")
    (call $say (global.get $starts))
    (call $say (i32.load (i32.const 120)))
    (call $say (i32.load (i32.const 124)))
    (call $say (call $prepare (i32.const 33)))
    (call $say (i32.load (i32.const 132)))))
