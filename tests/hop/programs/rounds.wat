;; Proves: short loops that look at the budget once in four rounds go on in the right one, whichever
;; of the four ends them and how: at the end, in the middle, by br_table.
(module
  ;; include say.wat
  (memory (export "memory") 1)

  (func $count (export "count") (param $n i32) (result i32) (local $i i32)
    (loop $next
      (br_if $next
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))

  (func $sum (export "sum") (param $n i32) (result i32) (local $s i32)
    (block $out
      (loop $next
        (br_if $out (i32.eqz (local.get $n)))
        (local.set $s (i32.add (local.get $s) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $s))

  (func $table (export "table") (param $n i32) (result i32)
    (block $out
      (block $far
        (loop $next
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_table $far $out $next (local.get $n))))
      (return (i32.const 200)))
    (i32.add (i32.const 100) (local.get $n)))

  (func (export "_start")
    (call $say (call $count (i32.const 1)))
    (call $say (call $count (i32.const 2)))
    (call $say (call $count (i32.const 3)))
    (call $say (call $count (i32.const 4)))
    (call $say (call $count (i32.const 5)))
    (call $say (call $count (i32.const 9)))
    (call $say (call $sum (i32.const 0)))
    (call $say (call $sum (i32.const 1)))
    (call $say (call $sum (i32.const 2)))
    (call $say (call $sum (i32.const 3)))
    (call $say (call $sum (i32.const 4)))
    (call $say (call $sum (i32.const 10)))
    (call $say (call $table (i32.const 1)))
    (call $say (call $table (i32.const 7)))))
