;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 1 funcref) (elem $e func $f)
  (func $f (export "f")) (func $changes (drop (table.grow $t (ref.null func) (i32.const 1)))) (func (export "_start") (call $f) (call $changes)))
