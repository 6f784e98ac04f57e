;; A program with a small snapshot: one page, a stack of direct and indirect calls, output at once.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 0))
  (type $unary (func (param i32) (result i32)))
  (table funcref (elem $other $fib))
  (func $other (param $n i32) (result i32)
    (call $fib (local.get $n)))
  (func $fib (param $n i32) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (if (i32.lt_s (local.get $n) (i32.const 2))
      (then (return (local.get $n))))
    (i32.add
      (call $fib (i32.sub (local.get $n) (i32.const 1)))
      (call_indirect (type $unary)
        (i32.sub (local.get $n) (i32.const 2))
        (i32.and (local.get $n) (i32.const 1)))))
  (func (export "_start")
    (call $say (i32.const 1))
    (call $say (call $fib (i32.const 6)))
    (call $say (global.get $count))
    (call $proc_exit (i32.const 3))))
