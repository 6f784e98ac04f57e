;; FLAGS: --dest f=edge1
(module (import "host" "give" (func $give (result externref))) (memory 1)
  (func $f (export "f"))
  (func (export "_start") (call $f) (drop (ref.is_null (call $give)))))
