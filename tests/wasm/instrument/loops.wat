;; FUNCS: f
;; FLAGS: --policy always --points entry,return,loop
;; The sum lives across no call: so nothing is loaded and no point but the return is landed at by one.
(module (memory 1)
  (func $g (export "g"))
  (func $f (export "f") (param $p i32) (result i32) (local $sum f64)
    (loop $outer
      (call $g)
      (local.set $sum (f64.const 0))
      (loop $inner
        (local.set $sum (f64.add (local.get $sum) (f64.load (local.get $p))))
        (br_if $inner (i32.load (local.get $p))))
      (local.set $p (i32.trunc_sat_f64_u (local.get $sum)))
      (br_if $outer (i32.eqz (local.get $p))))
    (local.get $p))
  (func $start (export "_start") (drop (call $f (i32.const 8)))))
