;; FUNCS: write,constant,loaded,calling,forwarded,marked_forwarded,swapped
;; FLAGS: --dest f=edge1 --dest marked=edge1
;; A descriptor is translated where the call stands if it is a local or constant and nothing behind
;; it can change the table; what only hands on is left out, unless the program can stop in it.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_sync" (func $fd_sync (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file"
    (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $f (export "f"))
  (func $write (param $fd i32) (param $at i32) (result i32)
    (call $fd_write (local.get $fd) (i32.add (local.get $at) (i32.const 8)) (i32.const 1)
      (local.get $at)))
  (func $constant (result i32)
    (call $fd_sync (i32.const 4)))
  (func $loaded (param $at i32) (result i32)
    (call $fd_sync (i32.load (local.get $at))))
  (func $calling (param $fd i32) (result i32)
    (call $fd_write (local.get $fd) (i32.const 0) (call $fd_close (local.get $fd)) (i32.const 0)))
  (func $forward (param i32 i32 i32 i32) (result i32)
    (i32.and
      (call $fd_write (local.get 0) (local.get 1) (local.get 2) (local.get 3))
      (i32.const 65535)))
  (func $forwarded (param $fd i32) (result i32)
    (call $forward (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func $marked (param i32) (result i32)
    (call $fd_sync (local.get 0)))
  (func $marked_forwarded (param $fd i32) (result i32)
    (call $marked (local.get $fd)))
  (func $swap (param i32 i32 i32 i32) (result i32)
    (call $fd_write (local.get 0) (local.get 2) (local.get 1) (local.get 3)))
  (func $swapped (param $fd i32) (result i32)
    (call $swap (local.get $fd) (i32.const 1) (i32.const 0) (i32.const 8)))
  (func (export "_start")
    (call $f)
    (drop (call $path_unlink_file (i32.const 3) (i32.const 0) (i32.const 0)))
    (drop (call $marked (i32.const 1)))))
