;; FLAGS: --dest f=edge1
(module (memory (import "env" "memory") 1) (func $f (export "f")) (func (export "_start") (call $f)))
