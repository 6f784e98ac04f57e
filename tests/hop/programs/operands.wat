;; Proves: operands evaluated before a marked call keep the value they had then: results of calls, a
;; local that the call's own argument changes, a global and a memory cell that the call changes,
;; memory.size before memory.grow. The order of side effects is the order of the lines.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 0))

  ;; says n, adds it to $sum and to the cell at 100
  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (global.set $sum (i32.add (global.get $sum) (local.get $n)))
    (i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (local.get $n)))
    (local.get $n))

  (func (export "_start") (local $x i32)
    (call $say
      (i32.sub (call $ask (i32.const 1))
        (i32.mul (call $ask (i32.const 2)) (call $ask (i32.const 3)))))
    (local.set $x (i32.const 10))
    (call $say
      (i32.sub (local.get $x)
        (i32.mul (call $ask (local.tee $x (i32.const 4))) (local.get $x))))
    (call $say (i32.sub (global.get $sum) (call $ask (i32.const 7))))
    (call $say
      (i32.sub (i32.mul (i32.load (i32.const 100)) (i32.const 100)) (call $ask (i32.const 5))))
    (call $say
      (i32.add (i32.mul (memory.size) (i32.const 10))
        (i32.add (memory.grow (call $ask (i32.const 1))) (memory.size))))
    (call $say (global.get $sum))))
