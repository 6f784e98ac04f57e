;; snapify --policy=always
;; A local that nobody reads any more was saved by calls and not by points, so that a frame saved
;; behind a restore held zero instead.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)

  (func $step (param $left i32)
    (if (i32.eqz (local.get $left))
      (then (call $proc_exit (i32.const 7)))))

  ;; $dead is last read behind the first call; the loop in the middle has a point
  (func (export "_start")
    (local $dead i32) (local $rounds i32)
    (local.set $dead (i32.const 55))
    (call $step (i32.const 18))
    (call $step (local.get $dead))
    (loop $again
      (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
      (call $step (local.get $rounds))
      (br_if $again (i32.lt_u (local.get $rounds) (i32.const 3))))
    (call $step (i32.const 17))
    (call $step (i32.const 16))
    (call $step (i32.const 15))
    (call $step (i32.const 14))
    (call $step (i32.const 13))
    (call $step (i32.const 12))
    (call $step (i32.const 11))
    (call $step (i32.const 10))
    (call $step (i32.const 9))
    (call $step (i32.const 8))
    (call $step (i32.const 7))
    (call $step (i32.const 6))
    (call $step (i32.const 5))
    (call $step (i32.const 4))
    (call $step (i32.const 3))
    (call $step (i32.const 2))
    (call $step (i32.const 1))
    (call $step (i32.const 0))))
