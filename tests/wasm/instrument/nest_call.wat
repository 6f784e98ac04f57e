;; FUNCS: f
;; FLAGS: --policy always
;; A loop with one call counts in a local, too; the call is lent the budget.
(module (memory 1)
  (func $g (export "g") (param $n i32)
    (loop $again
      (br_if $again (local.tee $n (i32.load (local.get $n))))))
  (func $f (export "f") (param $p i32)
    (loop $next
      (if (i32.load8_u (local.get $p)) (then (call $g (local.get $p))))
      (br_if $next (local.tee $p (i32.load (local.get $p))))))
  (func $start (export "_start") (call $f (i32.const 8))))
