;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 2 funcref) (elem (i32.const 1) $f $f)
  (func $f (export "f"))
  (func (export "_start") (call $f) (table.set $t (i32.const 0) (ref.func $f))))
