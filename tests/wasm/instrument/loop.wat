;; FUNCS: start
;; FLAGS: --dest f=edge1
;; A loop with a site dispatches at its own top.
(module (memory 1)
  (func $f (export "f"))
  (func $start (export "_start") (local $i i32) (local $sum f64)
    (loop $again
      (call $f)
      (local.set $sum (f64.add (local.get $sum) (f64.const 1)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
    (drop (local.get $sum))))
