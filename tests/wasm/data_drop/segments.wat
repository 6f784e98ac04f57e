;; FUNCS: main,twice
;; FLAGS: --dest f=edge1
(module
  (memory 1)
  (data $a "one")
  (data $b "two")
  (func $f (export "f"))
  (func $twice (data.drop $b) (data.drop $a))
  (func $main (export "_start")
    (memory.init $a (i32.const 0) (i32.const 0) (i32.const 3))
    (data.drop $a)
    (call $f)
    (call $twice)))
