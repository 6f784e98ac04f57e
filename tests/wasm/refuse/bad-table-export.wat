;; FLAGS: --dest f=edge1
(module (memory 1) (table $t (export "things") 1 funcref)
  (func $f (export "f"))
  (func (export "_start") (call $f) (drop (table.grow $t (ref.null func) (i32.const 1)))))
