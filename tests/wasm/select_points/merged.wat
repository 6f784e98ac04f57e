;; FUNCS: none
;; FLAGS: --policy always
;; No kinds named: none where 10,000 instructions lead to another one or to the end.
(module (memory 1)
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $while (param i32)
    (loop $l
      (br_if $l (local.tee 0 (i32.load (local.get 0))))))
  (func $recursion (call $recursion))
  (func $recursion_in_loop (param $i i32) ;; at most 2^31 rounds: the loop has a point
    (loop $l
      (call $recursion_in_loop (local.get $i))
      (br_if $l (i32.gt_u (local.tee $i (i32.sub (local.get $i) (i32.const 2))) (i32.const 1)))))
  (func $recursion_in_loops (param $i i32) (param $j i32) ;; and here the outer one
    (loop $l
      (local.set $j (i32.const 10))
      (loop $m
        (call $recursion_in_loops (local.get $i) (local.get $j))
        (br_if $m (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
      (br_if $l (i32.gt_u (local.tee $i (i32.sub (local.get $i) (i32.const 2))) (i32.const 1)))))
  (func $short_loop (param $i i32)
    (local.set $i (i32.const 1500)) ;; rounds of 6 instructions: 9,000
    (loop $l
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $long_loop (param $i i32)
    (local.set $i (i32.const 2500)) ;; 15,000
    (loop $l
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $once (call $short_loop (i32.const 0)))
  (func $twice (call $short_loop (i32.const 0)) (call $short_loop (i32.const 0)))
  (func $above (call $twice) (call $once))
  (func $start (export "_start") (call $above)))
