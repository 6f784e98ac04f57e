;; Proves: exceptions (those with try, catch, delegate, rethrow) around marked calls. A try is left
;; and entered again in the middle; what its handlers read is there when the call that was repeated
;; throws; handlers hold marked calls themselves, between catching and rethrowing, nested, with
;; values of several tags; a marked function that throws goes back to its caller's node first.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (tag $e (param i32))
  (tag $f (param i32 i64))
  (tag $none)
  (type $one (func (param i32) (result i32)))
  (table funcref (elem $double))

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (if (i32.ge_s (local.get $n) (i32.const 100))
      (then (throw $e (local.get $n))))
    (local.get $n))

  ;; only the handler reads x and y
  (func $body (param $n i32) (result i32) (local $x i32) (local $y i32)
    (local.set $y (i32.const 4))
    (try (result i32)
      (do
        (local.set $x (i32.const 8))
        (i32.add (call $ask (local.get $n)) (i32.const 20)))
      (catch $e
        (i32.add (i32.mul (local.get $x) (i32.const 1000)))
        (i32.sub (local.get $y)))))

  ;; a local keeps its value if the call for its next one throws
  (func $old (param $n i32) (result i32) (local $x i32)
    (local.set $x (i32.const 33))
    (try
      (do (local.set $x (call $ask (local.get $n))))
      (catch $e (drop)))
    (local.get $x))

  (func $caught (param $n i32) (result i32) (local $v i32)
    (try (result i32)
      (do
        (drop (call $ask (local.get $n)))
        (i32.const 5))
      (catch $e
        (local.set $v)
        (i32.add (call $ask (i32.sub (local.get $v) (i32.const 60)))
          (call $ask (i32.sub (local.get $v) (i32.const 59)))))))

  (func $again (param $n i32) (result i32)
    (try (result i32)
      (do
        (try (result i32)
          (do (call $ask (local.get $n)))
          (catch $e
            (drop)
            (drop (call $ask (i32.const 50)))
            (rethrow 0))))
      (catch $e (i32.add (i32.const 1000)))))

  (func $cleanup (param $n i32) (result i32) (local $wide i64)
    (try (result i32)
      (do
        (try (result i32)
          (do
            (if (i32.eq (call $ask (local.get $n)) (i32.const 4))
              (then (throw $f (i32.const 6) (i64.const 7))))
            (if (i32.eq (local.get $n) (i32.const 6))
              (then (throw $none)))
            (local.get $n))
          (catch_all
            (drop (call $ask (i32.const 60)))
            (rethrow 0))))
      (catch $e (i32.add (i32.const 2000)))
      (catch $f
        (local.set $wide)
        (i32.add (i32.wrap_i64 (local.get $wide))))
      (catch $none (call $ask (i32.const 61)))))

  (func $delegates (param $n i32) (result i32)
    (try $far (result i32)
      (do
        (try (result i32)
          (do
            (try (result i32)
              (do (call $ask (local.get $n)))
              (delegate $far)))
          (catch_all (call $ask (i32.const 62)))))
      (catch $e (i32.add (i32.const 4000)))))

  (func $loops (result i32) (local $i i32) (local $sum i32)
    (local.set $i (i32.const 98))
    (loop $next
      (try
        (do (local.set $sum (i32.add (local.get $sum) (call $ask (local.get $i)))))
        (catch $e
          (drop)
          (local.set $sum (i32.add (local.get $sum) (i32.const 1000)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_s (local.get $i) (i32.const 102))))
    (local.get $sum))

  ;; a loop in a try; its end is a throw
  (func $throws_out (result i32) (local $i i32)
    (local.set $i (i32.const 97))
    (try (result i32)
      (do
        (loop $next (result i32)
          (drop (call $ask (local.tee $i (i32.add (local.get $i) (i32.const 1)))))
          (br $next)))
      (catch $e (i32.add (local.get $i)))))

  (func $double (param $n i32) (result i32)
    (i32.mul (call $ask (local.get $n)) (i32.const 2)))
  (func $over (param $n i32) (result i32)
    (try (result i32)
      (do (call_indirect (type $one) (local.get $n) (i32.const 0)))
      (catch $e (i32.add (i32.const 5000)))))

  (func $other (result i32) (local $wide i64)
    (try (result i32)
      (do
        (try (result i32)
          (do (call $ask (i32.const 106)))
          (catch $e
            (drop)
            (throw $f (call $ask (i32.const 7)) (i64.const 1)))))
      (catch $f
        (local.set $wide)
        (i32.mul (i32.const 10))
        (i32.add (i32.wrap_i64 (local.get $wide))))))

  (func $leaves (param $n i32) (result i32) (local $v i32)
    (block $out (result i32)
      (i32.add (i32.const 300)
        (try (result i32)
          (do (br $out (call $ask (local.get $n))))
          (catch $e
            (local.set $v)
            (return (i32.add (i32.const 200)
              (call $ask (i32.sub (local.get $v) (i32.const 100))))))))))

  (func $operand (result i32)
    (i32.sub (call $ask (i32.const 10))
      (try (result i32)
        (do (call $ask (i32.const 110)))
        (catch $e (drop) (call $ask (i32.const 11))))))

  (func $all (result i32)
    (try (result i32)
      (do (call $ask (i32.const 112)))
      (catch_all (call $ask (i32.const 12)))))

  ;; the inner handler rethrows what the outer one has caught
  (func $nested (result i32)
    (try (result i32)
      (do
        (try (result i32)
          (do (call $ask (i32.const 113)))
          (catch $e
            (drop)
            (try (result i32)
              (do (call $ask (i32.const 114)))
              (catch $e
                (drop)
                (drop (call $ask (i32.const 14)))
                (rethrow 1))))))
      (catch $e (i32.add (i32.const 6000)))))

  ;; a tail call leaves the try first: what the callee throws is not caught there
  (func $leaves_first (param $n i32) (result i32)
    (try (result i32)
      (do (return_call $ask (local.get $n)))
      (catch_all (i32.const -5))))
  (func $tail (param $n i32) (result i32)
    (try (result i32)
      (do (call $leaves_first (local.get $n)))
      (catch $e (i32.add (i32.const 7000)))))

  (func (export "_start")
    (call $say (call $body (i32.const 1)))
    (call $say (call $body (i32.const 100)))
    (call $say (call $old (i32.const 15)))
    (call $say (call $old (i32.const 115)))
    (call $say (call $caught (i32.const 2)))
    (call $say (call $caught (i32.const 101)))
    (call $say (call $again (i32.const 3)))
    (call $say (call $again (i32.const 102)))
    (call $say (call $cleanup (i32.const 4)))
    (call $say (call $cleanup (i32.const 5)))
    (call $say (call $cleanup (i32.const 6)))
    (call $say (call $cleanup (i32.const 103)))
    (call $say (call $delegates (i32.const 104)))
    (call $say (call $loops))
    (call $say (call $throws_out))
    (call $say (call $over (i32.const 9)))
    (call $say (call $over (i32.const 105)))
    (call $say (call $other))
    (call $say (call $leaves (i32.const 8)))
    (call $say (call $leaves (i32.const 109)))
    (call $say (call $operand))
    (call $say (call $all))
    (call $say (call $nested))
    (call $say (call $tail (i32.const 16)))
    (call $say (call $tail (i32.const 111)))))
