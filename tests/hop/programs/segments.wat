;; Proves: passive data segments that were dropped stay dropped, those that were not stay whole, and
;; one that is dropped twice or behind the restore is, too; a memory.init of nothing from a dropped
;; segment works, of one byte traps (the end).
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (data $a "\01\02\03\04")
  (data $b "\05\06\07\08")
  (data (i32.const 200) "\09")

  (func $step (export "step") (param $n i32) (call $say (local.get $n)))

  (func $show
    (call $say (i32.load (i32.const 100)))
    (i32.store (i32.const 100) (i32.const 0)))

  (func (export "_start")
    (memory.init $a (i32.const 100) (i32.const 0) (i32.const 4))
    (call $show)
    (data.drop $a)
    (call $step (i32.const 1))
    (memory.init $a (i32.const 100) (i32.const 0) (i32.const 0))
    (memory.init $b (i32.const 100) (i32.const 1) (i32.const 3))
    (call $show)
    (data.drop $a)
    (call $step (i32.const 2))
    (memory.init $b (i32.const 100) (i32.const 3) (i32.const 1))
    (call $show)
    (data.drop $b)
    (call $step (i32.const 3))
    (memory.init $b (i32.const 100) (i32.const 0) (i32.const 0))
    (call $show)
    (call $say (i32.load8_u (i32.const 200)))
    (memory.init $a (i32.const 100) (i32.const 0) (i32.const 1))
    (call $say (i32.const -1))))
