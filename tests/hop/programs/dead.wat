;; Proves: code that can't be reached around points: after br, return and unreachable, with marked
;; calls in it, blocks typed by what never arrives, a function that never returns from its loop but
;; by proc_exit, a marked function that is its own caller's last statement.
(module
  ;; include say.wat
  (memory (export "memory") 1)

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (if (i32.ge_s (local.get $n) (i32.const 9))
      (then
        (call $proc_exit (local.get $n))
        (unreachable)))
    (local.get $n))

  (func $branches (param $n i32) (result i32)
    (block $out (result i32)
      (br $out (call $ask (local.get $n)))
      (drop (call $ask (i32.const 1000)))
      (i32.add (call $ask (i32.const 1001)))))

  (func $returns (param $n i32) (result i32)
    (return (i32.add (call $ask (local.get $n)) (i32.const 1)))
    (call $ask (i32.const 1002)))

  (func $arms (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then
        (drop (call $ask (i32.const 3)))
        (return (i32.const 33)))
      (else
        (i32.add (i32.const 40) (call $ask (i32.const 4))))))

  (func $forever (param $n i32)
    (loop $again
      (local.set $n (i32.add (i32.const 1) (call $ask (local.get $n))))
      (br $again))
    (unreachable))

  (func (export "_start")
    (call $say (call $branches (i32.const 1)))
    (call $say (call $returns (i32.const 2)))
    (call $say (call $arms (i32.const 1)))
    (call $say (call $arms (i32.const 0)))
    (call $forever (i32.const 7))))
