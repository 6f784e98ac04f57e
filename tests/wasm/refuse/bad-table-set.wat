;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 1 funcref) (elem $e func $f)
  (func $f (export "f")) (func $changes (table.set $t (i32.const 0) (ref.null func))) (func (export "_start") (call $f) (call $changes)))
