;; FUNCS: length
;; FLAGS: --policy always
;; A short loop looks at the budget once in four rounds; labels in its body are new in each copy.
(module (memory 1)
  (func $length (export "length") (param $p i32) (result i32)
    (local $n i32)
    (loop $next
      (block $skip
        (br_if $skip (i32.load8_u (local.get $p)))
        (local.set $n (i32.add (local.get $n) (i32.const 1))))
      (br_if $next (local.tee $p (i32.load (local.get $p)))))
    (local.get $n))
  (func $start (export "_start") (drop (call $length (i32.const 8)))))
