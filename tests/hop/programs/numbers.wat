;; Proves: locals, parameters, operands and globals of all number types live across a marked call,
;; to the last bit: signalling and quiet NaNs with payloads, negative zero, the smallest i64. Only
;; moves, no arithmetic: engines may change the payload of a NaN they compute with. Both globals
;; that are exported and globals that are not; a constant one too.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $i (mut i32) (i32.const -1))
  (global $l (export "wide") (mut i64) (i64.const 0x8000000000000000))
  (global $f (mut f32) (f32.const nan:0x200001))
  (global $d (mut f64) (f64.const nan:0x4000000000123))
  (global $fixed i64 (i64.const 0x1122334455667788))

  (func $hop (export "hop") (param f64 f32 i64 i32) (result f64)
    (global.set $d (local.get 0))
    (global.set $f (local.get 1))
    (global.set $l (local.get 2))
    (global.set $i (local.get 3))
    (f64.const -0))

  (func $say_float (param f32)
    (call $say_bits (i64.extend_i32_u (i32.reinterpret_f32 (local.get 0)))))
  (func $say_double (param f64)
    (call $say_bits (i64.reinterpret_f64 (local.get 0))))
  (func $say_globals
    (call $say (global.get $i))
    (call $say_bits (global.get $l))
    (call $say_float (global.get $f))
    (call $say_double (global.get $d)))
  (func $say_all (param i32 i64 f32 f64 f64)
    (call $say (local.get 0))
    (call $say_bits (local.get 1))
    (call $say_float (local.get 2))
    (call $say_double (local.get 3))
    (call $say_double (local.get 4)))

  (func $hold (param $p f32) (local $n f32) (local $m f64) (local $k i64)
    (local.set $n (f32.const -nan:0x3fffff))
    (local.set $m (f64.const -nan:0x1))
    (local.set $k (i64.const -2))
    (call $say_all
      (global.get $i)
      (global.get $l)
      (local.get $n)
      (local.get $m)
      (call $hop (f64.const nan:0x8000000000001) (f32.const -0) (i64.const 77) (i32.const 88)))
    (drop
      (call $hop (local.get $m) (local.get $n) (local.get $k) (i32.const 0x7fffffff)))
    (call $say_float (local.get $p))
    (call $say_globals))

  (func (export "_start")
    (call $say_globals)
    (call $hold (f32.reinterpret_i32 (i32.const 0x7fa00001)))
    (call $say_bits (global.get $fixed))))
