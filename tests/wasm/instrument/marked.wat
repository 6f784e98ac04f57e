;; FUNCS: f
;; FLAGS: --dest f=edge1
;; Entry point, one exit, return point.
(module (memory 1)
  (func $f (export "f") (param $x i32) (result i32)
    (if (local.get $x) (then (return (i32.const 1))))
    (i32.const 2))
  (func $start (export "_start") (drop (call $f (i32.const 0)))))
