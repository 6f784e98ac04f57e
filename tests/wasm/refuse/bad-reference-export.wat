;; FLAGS: --dest f=edge1
(module (memory 1)
  (func $f (export "f"))
  (func (export "take") (param funcref))
  (func (export "_start") (call $f)))
