;; FUNCS: none
;; FLAGS: --policy always --points all
;; Every entry, return and loop, of what ends soon, too.
(module (memory 1)
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $ten (local $i i32)
    (local.set $i (i32.const 10))
    (loop $l
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $start (export "_start") (call $ten) (drop (call $leaf (i32.const 1)))))
