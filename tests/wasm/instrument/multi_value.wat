;; FUNCS: start
;; FLAGS: --dest f=edge1
;; Every member of a tuple has its own slot.
(module (memory 1)
  (func $f (export "f") (result i32 i64) (i32.const 1) (i64.const 2))
  (func $start (export "_start") (local $a i32) (local $b i64)
    (call $f) (local.set $b) (local.set $a)
    (drop (call $f)) (drop)
    (drop (local.get $a)) (drop (local.get $b))))
