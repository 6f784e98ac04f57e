;; FUNCS: poll
;; FLAGS: --dest f=edge1
;; A wait is a loop: it can have a point between two slices.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $f (export "f")
    (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))
  (func (export "_start")
    (call $f)))
