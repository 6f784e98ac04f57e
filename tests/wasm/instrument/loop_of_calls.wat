;; FUNCS: f
;; FLAGS: --policy always --points entry,return,loop
;; All that lives at the loop's point lives across the call, too, so calls load it; the call is lent
;; the budget.
(module (memory 1)
  (func $g (export "g"))
  (func $f (export "f") (param $p i32)
    (loop $again
      (call $g)
      (br_if $again (local.tee $p (i32.sub (local.get $p) (i32.const 1))))))
  (func $start (export "_start") (call $f (i32.const 8))))
