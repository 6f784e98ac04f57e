;; Proves: marked calls as conditions and values of branches: br_if that carries a value, br_table
;; with a value, if with results in all three places, if without else, loops with a result, return
;; from two nested loops with values pending, a block left from inside an operand.
(module
  ;; include say.wat
  (memory (export "memory") 1)

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (local.get $n))

  (func $carried (param $n i32) (result i32)
    (i32.add (i32.const 1000)
      (block $out (result i32)
        (i32.add (i32.const 5)
          (br_if $out (call $ask (i32.const 40)) (call $ask (local.get $n)))))))

  (func $table (param $n i32) (result i32)
    (block $two (result i32)
      (i32.add (i32.const 10)
        (block $one (result i32)
          (i32.add (i32.const 100)
            (block $zero (result i32)
              (br_table $zero $one $two (i32.const 1) (call $ask (local.get $n)))))))))

  (func $arms (param $n i32) (result i32)
    (i32.sub
      (if (result i32) (call $ask (local.get $n))
        (then (call $ask (i32.const 21)))
        (else (i32.mul (i32.const 3) (call $ask (i32.const 22)))))
      (local.get $n)))

  (func $maybe (param $n i32) (result i32) (local $x i32)
    (local.set $x (i32.const 6))
    (if (local.get $n)
      (then (local.set $x (i32.add (local.get $x) (call $ask (i32.const 30))))))
    (local.get $x))

  (func $nested (result i32) (local $i i32) (local $j i32)
    (i32.mul (i32.const -1)
      (loop $outer (result i32)
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $j (i32.const 0))
        (loop $inner
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (if (i32.eq (i32.mul (local.get $i) (local.get $j)) (i32.const 4))
            (then
              (return
                (i32.add (i32.mul (local.get $i) (i32.const 10)) (call $ask (local.get $j))))))
          (br_if $inner (i32.lt_s (local.get $j) (i32.const 3))))
        (br_if $outer (i32.lt_s (call $ask (local.get $i)) (i32.const 5)))
        (local.get $j))))

  (func $loop_value (result i32) (local $i i32)
    (i32.add (i32.const 7)
      (loop $again (result i32)
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_s (call $ask (local.get $i)) (i32.const 2)))
        (call $ask (i32.const 60)))))

  (func (export "_start")
    (call $say (call $carried (i32.const 0)))
    (call $say (call $carried (i32.const 1)))
    (call $say (call $table (i32.const 0)))
    (call $say (call $table (i32.const 1)))
    (call $say (call $table (i32.const 9)))
    (call $say (call $arms (i32.const 0)))
    (call $say (call $arms (i32.const 1)))
    (call $say (call $maybe (i32.const 0)))
    (call $say (call $maybe (i32.const 1)))
    (call $say (call $nested))
    (call $say (call $loop_value))))
