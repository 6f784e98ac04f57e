;; FUNCS: none
;; FLAGS: --policy always --max-latency 1
;; As few points as bound the distance between two: none in what ends soon, one on every cycle.
(module (memory 1) (table 1 funcref) (elem (i32.const 0) $indirect)
  (type $nullary (func))
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $calls_leaf (result i32) (call $leaf (i32.const 1)))
  (func $endless (loop $l (br $l)))
  (func $while (param i32)
    (loop $l
      (br_if $l (local.tee 0 (i32.load (local.get 0))))))
  (func $ten (local $i i32)
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $ten_from_zero (param $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $down_from_ten (param $i i32)
    (local.set $i (i32.const 10))
    (loop $l
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $l (local.get $i))))
  (func $below_ten (param $i i32)
    (loop $l
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $steps_over_ten (param $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 3))) (i32.const 10)))))
  (func $ten_written_twice (param $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (local.set $i (i32.load (local.get $i)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $ten_or_for_ever (param $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (br_if $l (i32.load (i32.const 0)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $million (param $i i32)
    (local.set $i (i32.const 1000000))
    (loop $l
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $recursion (call $recursion))
  (func $ping (call $pong))
  (func $pong (call $ping))
  (func $above_a_cycle (call $ping))
  (func $below_a_cycle (call $leaf (i32.const 1)) (drop))
  (func $cycle_with_more (call $below_a_cycle) (call $cycle_with_more))
  (func $recursion_in_loop (param i32)
    (loop $l
      (call $recursion_in_loop (local.get 0))
      (br_if $l (i32.load (local.get 0)))))
  (func $recursion_in_short_loop (local $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (call $recursion_in_short_loop)
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
  (func $indirect (call_indirect (type $nullary) (i32.const 0)))
  (func $much (param $i i32)
    (local.set $i (i32.const 3500))
    (loop $l
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $too_much
    (call $much (i32.const 0)) (call $much (i32.const 0)))
  (func $start (export "_start") (call $too_much)))
