;; For tests/hop/requests: $work, marked KAFU_MAY_OFFLOAD, counts INSIDE times and is left by an
;; exception; then the same loop runs outside of the mark, OUTSIDE times.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (tag $e)
  (func $spin (param $n i32)
    (loop $next
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $work (export "work")
    (call $spin (i32.const INSIDE))
    (throw $e))
  (func (export "_start")
    (try
      (do (call $work))
      (catch $e))
    (call $spin (i32.const OUTSIDE))
    (call $proc_exit (i32.const 5))))
