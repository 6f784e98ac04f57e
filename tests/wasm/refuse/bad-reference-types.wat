;; FLAGS: --dest f=edge1
(module (memory 1) (table 1 funcref) (elem (i32.const 0) $number)
  (type $takes_reference (func (param funcref)))
  (func $number (param i32))
  (func $f (export "f"))
  (func (export "_start") (call $f)
    (call_indirect (type $takes_reference) (ref.null func) (i32.const 0))))
