;; FUNCS: holds
;; FLAGS: --dest f=edge1
(module (memory 1) (table $t 1 funcref)
  (func $f (export "f"))
  (func $holds (local $r funcref)
    (local.set $r (table.get $t (i32.const 0)))
    (call $f)
    (drop (ref.is_null (local.get $r))))
  (func (export "_start") (call $holds)))
