;; FUNCS: none
;; FLAGS: --policy always
;; No kinds named: none where 10,000 instructions lead to another one or to the end.
(module (memory 1)
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $while (param i32)
    (loop $l
      (br_if $l (local.tee 0 (i32.load (local.get 0))))))
  (func $recursion (call $recursion))
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
