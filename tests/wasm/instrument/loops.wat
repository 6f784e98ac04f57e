;; FUNCS: f
;; FLAGS: --policy always --points entry,return,loop
;; Where loops have points, nothing is loaded and no point but the return is landed at by a call.
(module (memory 1)
  (func $g (export "g"))
  (func $f (export "f") (param $p i32) (result i32) (local $sum f64)
    (loop $outer
      (call $g)
      (loop $inner
        (local.set $sum (f64.add (local.get $sum) (f64.load (local.get $p))))
        (br_if $inner (i32.load (local.get $p))))
      (br_if $outer (i32.eqz (local.get $p))))
    (i32.trunc_sat_f64_u (local.get $sum)))
  (func $start (export "_start") (drop (call $f (i32.const 8)))))
