;; FLAGS: --dest f=edge1
(module (func $f (export "f")) (func (export "_start") (call $f)))
