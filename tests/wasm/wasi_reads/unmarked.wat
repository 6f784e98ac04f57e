;; FUNCS: read
;; FLAGS: --dest f=edge1
;; Nothing asks a program to leave from a loop: a read is translated when the glue is attached.
(module
  (import "wasi_snapshot_preview1" "fd_read"
    (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $f (export "f")
    (drop (call $read (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))
  (func (export "_start")
    (call $f)))
