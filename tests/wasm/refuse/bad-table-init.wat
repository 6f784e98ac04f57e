;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 1 funcref) (elem $e func $f)
  (func $f (export "f")) (func $changes (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))) (func (export "_start") (call $f) (call $changes)))
