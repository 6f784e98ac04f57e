;; FLAGS: --dest g=edge1
(module (memory 1) (func $f (export "f")) (func (export "_start") (call $f)))
