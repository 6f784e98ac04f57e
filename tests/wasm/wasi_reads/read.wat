;; FUNCS: read,accept
;; FLAGS: --policy always
;; A read can be left before it waits: the loop gets a point.
(module
  (import "wasi_snapshot_preview1" "fd_read"
    (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_accept"
    (func $accept (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $read (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
    (drop (call $accept (i32.const 3) (i32.const 0) (i32.const 128)))))
