;; FUNCS: write
;; FLAGS: --dest f=edge1
;; What opens nothing stays as it is.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $f (export "f")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))))
  (func (export "_start")
    (call $f)))
