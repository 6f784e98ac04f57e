;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 1 funcref) (elem $e func $f)
  (func $f (export "f")) (func $changes (table.copy $t $t (i32.const 0) (i32.const 0) (i32.const 1))) (func (export "_start") (call $f) (call $changes)))
