;; FUNCS: start
;; FLAGS: --dest f=edge1
;; What is evaluated before a call in the same expression is spilled, what comes behind is not.
(module (memory 1)
  (func $f (export "f") (param i32) (result i32) (local.get 0))
  (func $start (export "_start") (local $x i32)
    (i32.store (i32.mul (local.get $x) (i32.const 3))
      (i32.add (call $f (i32.const 1)) (i32.load (local.get $x))))))
