;; FUNCS: write,write_too,link,close,caller
;; FLAGS: --dest f=edge1
;; One import twice, as Go has it, one that takes two descriptors, one that the glue replaces.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write_too (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link"
    (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 0) $write $close)
  (func $f (export "f"))
  (func $caller (result i32)
    (call $close (i32.const 5)))
  (func (export "_start")
    (call $f)))
