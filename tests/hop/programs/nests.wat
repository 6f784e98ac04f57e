;; Proves: loops in loops without calls, which share a counter: numbers of all kinds that live in
;; them, ways out of the inner one to everywhere, a return whose value holds a loop.
(module
  ;; include say.wat
  (memory (export "memory") 1)

  (func $numbers (export "numbers") (result i32)
    (local $i i32) (local $j i64) (local $s f64) (local $p f64) (local $t f32)
    (loop $rows
      (local.set $j (i64.const 0))
      (loop $row
        (local.set $s
          (f64.add (f64.mul (local.get $s) (f64.const 2))
            (f64.add (f64.convert_i64_u (local.get $j)) (f64.const 0.5))))
        (local.set $t (f32.add (local.get $t) (f32.const 0.25)))
        (br_if $row
          (i64.ne (local.tee $j (i64.add (local.get $j) (i64.const 1))) (i64.const 2))))
      (local.set $p (f64.add (local.get $p) (local.get $s)))
      (br_if $rows
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
    (i32.add
      (i32.mul (i32.trunc_f64_s (f64.mul (local.get $p) (f64.const 2))) (i32.const 1000))
      (i32.trunc_f32_s (f32.mul (local.get $t) (f32.const 100)))))

  (func $exits (export "exits") (param $mode i32) (result i32) (local $i i32) (local $j i32)
    (block $two
      (block $one
        (loop $outer
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (local.set $j (i32.const 0))
          (loop $inner
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (if (i32.eq (i32.mul (local.get $i) (local.get $j)) (i32.const 4))
              (then
                (if (i32.eqz (local.get $mode))
                  (then (return (i32.add (i32.mul (local.get $i) (i32.const 10)) (local.get $j)))))
                (br_table $outer $one $two $outer (local.get $mode))))
            (br_if $inner (i32.lt_s (local.get $j) (i32.const 3))))
          (br_if $outer (i32.lt_s (local.get $i) (i32.const 5))))
        (return (i32.add (i32.const 100) (local.get $i))))
      (return
        (i32.add (i32.const 200) (i32.add (i32.mul (local.get $i) (i32.const 10)) (local.get $j)))))
    (i32.add (i32.const 300) (i32.add (i32.mul (local.get $i) (i32.const 10)) (local.get $j))))

  (func $late (export "late") (result i32) (local $i i32) (local $n i32)
    (loop $outer
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.eq (local.get $i) (i32.const 3))
        (then
          (return
            (i32.add (local.get $i)
              (block (result i32)
                (loop $count
                  (local.set $n (i32.add (local.get $n) (i32.const 1)))
                  (br_if $count (i32.lt_u (local.get $n) (i32.const 4))))
                (i32.mul (local.get $n) (i32.const 10)))))))
      (br $outer))
    (unreachable))

  (func (export "_start")
    (call $say (call $numbers))
    (call $say (call $exits (i32.const 0)))
    (call $say (call $exits (i32.const 1)))
    (call $say (call $exits (i32.const 2)))
    (call $say (call $exits (i32.const 3)))
    (call $say (call $late))))
