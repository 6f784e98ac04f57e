;; FUNCS: start
;; FLAGS: --dest f=edge1
;; Arms with sites are laid out in one line, so that the top can jump into either.
(module (memory 1)
  (func $f (export "f") (param i32) (result i32) (local.get 0))
  (func $start (export "_start") (local $x i64)
    (if (i64.eqz (local.get $x))
      (then (drop (call $f (i32.const 1))))
      (else (drop (call $f (i32.const 2))) (local.set $x (i64.const 5))))
    (drop (local.get $x))))
