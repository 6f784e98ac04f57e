;; Proves: a memory with a declared maximum: memory.grow succeeds and fails exactly as without us,
;; before and after a hop, at the limit too; memory.size never shows more than the program's own.
(module
  ;; include say.wat
  (memory (export "memory") 1 3)

  (func $grow (export "grow") (param $pages i32) (result i32)
    (memory.grow (local.get $pages)))

  (func $report (param $answer i32)
    (call $say (local.get $answer))
    (call $say (memory.size)))

  (func (export "_start")
    (call $report (call $grow (i32.const 1)))
    (i32.store (i32.const 131068) (i32.const 4711))
    (call $report (call $grow (i32.const 2)))
    (call $report (call $grow (i32.const 1)))
    (call $say (i32.load (i32.const 131068)))
    (i32.store (i32.const 196604) (i32.const 4712))
    (call $report (memory.grow (i32.const 1)))
    (call $report (call $grow (i32.const -1)))
    (call $report (call $grow (i32.const 0)))
    (call $say (i32.load (i32.const 196604)))))
