;; Proves: tail calls around marked calls: to another function and back, through the table with an
;; index that is a marked call, as the last thing of a marked function, without results and with
;; two; to the function itself: all arguments are evaluated before a parameter changes, the other
;; locals are zero again, and 100,000 of them take no stack. Rewritten, it runs on engines without
;; tail calls.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (type $two (func (param i32 i32) (result i32)))
  (table funcref (elem $even $odd))

  (func $same (param $n i32) (result i32) (local.get $n))
  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (return_call $same (local.get $n)))

  (func $even (param $n i32) (param $sum i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (local.get $sum))))
    (return_call $odd (i32.sub (local.get $n) (i32.const 1))
      (i32.add (local.get $sum) (call $ask (local.get $n)))))
  (func $odd (param $n i32) (param $sum i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.sub (i32.const 0) (local.get $sum)))))
    (return_call_indirect (type $two) (i32.sub (local.get $n) (i32.const 1))
      (i32.mul (local.get $sum) (i32.const 2))
      (i32.sub (call $ask (i32.add (local.get $n) (i32.const 100)))
        (i32.add (local.get $n) (i32.const 100)))))

  (func $fibonacci (param $n i32) (param $a i32) (param $b i32) (result i32) (local $zero i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.add (local.get $a) (local.get $zero)))))
    (local.set $zero (i32.const 1000))
    (return_call $fibonacci (i32.sub (local.get $n) (i32.const 1)) (local.get $b)
      (i32.add (local.get $a) (call $ask (local.get $b)))))

  (func $early (param $n i32) (param $k i32) (result i32)
    (drop (call $ask (local.get $k)))
    (if (i32.gt_s (local.get $k) (i32.const 200)) (then (return (local.get $n))))
    (return_call $early (local.get $n)
      (i32.add (local.get $k) (local.tee $n (i32.const 150)))))

  (func $count (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (call $ask (i32.const 42)))))
    (return_call $count (i32.sub (local.get $n) (i32.const 1))))

  (func $first (param $n i32)
    (drop (call $ask (local.get $n)))
    (return_call $second (i32.sub (local.get $n) (i32.const 1))))
  (func $second (param $n i32)
    (drop (call $ask (local.get $n))))

  (func $pair (param $n i32) (result i32 i64)
    (return_call $next (call $ask (local.get $n))))
  (func $next (param $n i32) (result i32 i64)
    (call $ask (i32.add (local.get $n) (i32.const 1)))
    (i64.mul (i64.extend_i32_s (local.get $n)) (i64.const 10)))
  (func $fold (param i32 i64) (result i32)
    (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))))

  (func (export "_start")
    (call $say (call $even (i32.const 3) (i32.const 5)))
    (call $say (call $fibonacci (i32.const 3) (i32.const 0) (i32.const 1)))
    (call $say (call $early (i32.const 7) (i32.const 1)))
    (call $say (call $count (i32.const 100000)))
    (call $first (i32.const 5))
    (call $say (call $fold (call $pair (i32.const 8))))))
