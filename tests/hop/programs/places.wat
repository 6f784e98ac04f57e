;; Proves: marked calls as operands of a store (address and value), of all three operands of select,
;; among the arguments of a call, as the index and as an argument of call_indirect, as the operand of
;; local.tee, global.set and drop, as an address of a load.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $cell (mut i32) (i32.const 0))
  (type $two (func (param i32 i32) (result i32)))
  (table funcref (elem $ask $minus $times))

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (local.get $n))
  (func $minus (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func $times (param i32 i32) (result i32)
    (i32.mul (call $ask (local.get 0)) (local.get 1)))
  (func $three (param i32 i32 i32) (result i32)
    (i32.add (i32.mul (local.get 0) (i32.const 100))
      (i32.add (i32.mul (local.get 1) (i32.const 10)) (local.get 2))))

  (func (export "_start") (local $x i32)
    (i32.store offset=4 (call $ask (i32.const 200)) (call $ask (i32.const 9)))
    (call $say (i32.load offset=4 (call $ask (i32.const 200))))
    (call $say
      (select (call $ask (i32.const 11)) (call $ask (i32.const 12)) (call $ask (i32.const 0))))
    (call $say
      (call $three (call $ask (i32.const 1)) (i32.const 5)
        (i32.add (local.tee $x (call $ask (i32.const 2))) (local.get $x))))
    (call $say
      (call_indirect (type $two) (call $ask (i32.const 50)) (i32.const 8)
        (call $ask (i32.const 1))))
    (call $say
      (call_indirect (type $two) (i32.const 6) (call $ask (i32.const 7)) (i32.const 2)))
    (global.set $cell (call $ask (i32.const 77)))
    (drop (call $ask (i32.const 78)))
    (call $say (global.get $cell))))
