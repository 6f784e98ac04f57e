;; Exports that return several values, without _initialize; a start section that counts; a function
;; under two names, one without points. The memory is not exported, no WASI is imported.
(module
  (memory 1)
  (global $started (mut i32) (i32.const 0))
  (func $count (param $n i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $more
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $sum (i32.add (local.get $sum) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $more)))
    (local.get $sum))
  (func $start
    (global.set $started (i32.add (global.get $started) (call $count (i32.const 3))))
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))))
  (start $start)
  (func $four (export "four") (export "quattro")
    (param $a i32) (param $b i64) (param $c f32) (param $d f64) (result i32 i64 f32 f64)
    (local $sum i32)
    (local.set $sum (call $count (local.get $a)))
    (i32.add (local.get $sum) (global.get $started))
    (i64.add (local.get $b) (i64.extend_i32_s (call $count (i32.const 2))))
    (f32.add (local.get $c) (f32.const 0.25))
    (f64.mul (local.get $d) (f64.const 2)))
  (func (export "starts") (result i32)
    (memory.size) (drop)
    (i32.load (i32.const 8))))
