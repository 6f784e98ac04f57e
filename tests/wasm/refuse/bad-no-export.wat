;; FLAGS: --dest f=edge1 --allow-uncalled
;; What is handed on from WASI does not count.
(module
  (func $exit (import "wasi_snapshot_preview1" "proc_exit") (param i32))
  (memory (export "memory") 1)
  (export "exit" (func $exit))
  (func $f) (func $g (call $f)))
