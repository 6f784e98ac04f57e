;; FLAGS: --dest f=edge1
(module (import "env" "__table_base" (global $base i32)) (memory 1)
  (table $t 2 funcref) (elem (global.get $base) $f)
  (func $f (export "f"))
  (func (export "_start") (call $f) (table.set $t (i32.const 0) (ref.func $f))))
