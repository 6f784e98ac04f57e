;; FLAGS: --dest f=edge1
(module (memory 1) (global $held (export "held") (mut funcref) (ref.null func))
  (func $f (export "f")) (func (export "_start") (call $f)))
