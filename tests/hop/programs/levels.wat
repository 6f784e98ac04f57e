;; Proves: recursions of which one call takes two levels go on in the right one of them: with locals
;; that are zero at the start of each, by each of their returns, with values pending over both, in
;; loops, with operands that are such calls.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $trace (mut i32) (i32.const 1))

  ;; a loop in each level; the total must begin at zero in each
  (func $fib (export "fib") (param $n i32) (result i32) (local $total i32)
    (if (i32.ge_u (local.get $n) (i32.const 2))
      (then
        (loop $next
          (local.set $total
            (i32.add (local.get $total) (call $fib (i32.sub (local.get $n) (i32.const 1)))))
          (br_if $next
            (i32.gt_u (local.tee $n (i32.sub (local.get $n) (i32.const 2))) (i32.const 1))))))
    (i32.add (local.get $n) (local.get $total)))

  ;; three copies, and a fourth call with them for operands
  (func $tak (export "tak") (param $x i32) (param $y i32) (param $z i32) (result i32)
    (if (i32.ge_s (local.get $y) (local.get $x))
      (then (return (local.get $z))))
    (call $tak
      (call $tak (i32.sub (local.get $x) (i32.const 1)) (local.get $y) (local.get $z))
      (call $tak (i32.sub (local.get $y) (i32.const 1)) (local.get $z) (local.get $x))
      (call $tak (i32.sub (local.get $z) (i32.const 1)) (local.get $x) (local.get $y))))

  ;; no result; what is done before, between and behind shows in a global
  (func $visit (export "visit") (param $n i32)
    (if (i32.le_s (local.get $n) (i32.const 0))
      (then (return)))
    (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 3)) (local.get $n)))
    (call $visit (i32.sub (local.get $n) (i32.const 1)))
    (global.set $trace (i32.xor (i32.mul (global.get $trace) (i32.const 5)) (local.get $n)))
    (call $visit (i32.sub (local.get $n) (i32.const 2)))
    (global.set $trace (i32.add (global.get $trace) (i32.const 7))))

  ;; a product and a difference are pending; three ways out
  (func $mixed (export "mixed") (param $x f64) (param $n i64) (result f64) (local $seen i64)
    (local.set $seen (i64.add (local.get $seen) (local.get $n)))
    (block $low
      (br_if $low (i64.lt_s (local.get $n) (i64.const 2)))
      (if (i64.eqz (i64.rem_s (local.get $n) (i64.const 3)))
        (then
          (return
            (f64.sub
              (f64.mul (local.get $x)
                (call $mixed (f64.const 0.5) (i64.sub (local.get $n) (i64.const 1))))
              (f64.convert_i64_s (local.get $seen))))))
      (return
        (f64.add (f64.convert_i64_s (local.get $seen))
          (call $mixed (f64.add (local.get $x) (f64.const 1))
            (i64.sub (local.get $n) (i64.const 1))))))
    (local.get $x))

  (func (export "_start")
    (call $say (call $fib (i32.const 7)))
    (call $say (call $tak (i32.const 4) (i32.const 2) (i32.const 0)))
    (call $visit (i32.const 4))
    (call $say (global.get $trace))
    (call $say_bits (i64.reinterpret_f64 (call $mixed (f64.const 3) (i64.const 8))))))
