;; FUNCS: snapify_globals_save,snapify_globals_load
;; FLAGS: --dest f=edge1
(module
  (memory 1)
  (data $a "one")
  (data $b "two")
  (func $f (export "f"))
  (func (export "_start") (data.drop $b) (call $f) (data.drop $a)))
