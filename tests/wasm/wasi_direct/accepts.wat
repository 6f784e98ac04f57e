;; FUNCS: write,sync
;; FLAGS: --dest f=edge1
;; Where a connection may have been lost, the function that says so is needed.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_sync" (func $fd_sync (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_accept"
    (func $sock_accept (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $f (export "f"))
  (func $write (param $fd i32) (result i32)
    (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func $sync (param $fd i32) (result i32)
    (call $fd_sync (local.get $fd)))
  (func (export "_start")
    (call $f)
    (drop (call $sock_accept (i32.const 3) (i32.const 0) (i32.const 0)))))
