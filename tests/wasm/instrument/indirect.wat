;; FUNCS: start
;; FLAGS: --dest f=edge1
;; The table index is kept for the repeated call.
(module (memory 1)
  (type $t (func (param i32) (result i32)))
  (table 1 funcref) (elem (i32.const 0) $f)
  (func $f (export "f") (param i32) (result i32) (local.get 0))
  (func $start (export "_start") (local $x i32)
    (drop (call_indirect (type $t) (i32.const 5) (i32.load (local.get $x))))))
