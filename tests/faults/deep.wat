;; A stack whose frames need more memory than the program starts with.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (func $down (param $n i64) (result i64)
    (if (i64.eqz (local.get $n))
      (then (return (i64.const 0))))
    (i64.add (local.get $n) (call $down (i64.sub (local.get $n) (i64.const 1)))))
  (func (export "_start")
    (call $say (i32.const 1))
    (call $say (i32.wrap_i64 (call $down (i64.const 6000))))
    (call $proc_exit (i32.const 3))))
