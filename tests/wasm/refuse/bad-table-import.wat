;; FLAGS: --dest f=edge1
(module (import "host" "table" (table $t 1 funcref)) (memory 1)
  (func $f (export "f"))
  (func (export "_start") (call $f) (table.set $t (i32.const 0) (ref.null func))))
