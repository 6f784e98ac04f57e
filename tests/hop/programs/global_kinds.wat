;; Proves: mutable globals of every type, exported or not, keep their bits over a hop (a NaN with a
;; payload, minus zero, all of a v128); immutable ones are what they were; locals that hold a
;; reference, null ones too, may be there without being live.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (table $t 2 funcref)
  (elem (table $t) (i32.const 0) func $first)
  (global $i32 (export "i32") (mut i32) (i32.const 1))
  (global $i64 (mut i64) (i64.const 2))
  (global $f32 (export "f32") (mut f32) (f32.const 3))
  (global $f64 (mut f64) (f64.const 4))
  (global $v128 (export "v128") (mut v128) (v128.const i64x2 5 6))
  (global $f (mut funcref) (ref.null func))
  (global $e (mut externref) (ref.null extern))
  (global $fixed_i32 (export "fixed") i32 (i32.const 7))
  (global $fixed_f64 f64 (f64.const -0))
  (global $fixed_v128 v128 (v128.const i64x2 8 9))
  (global $fixed_f funcref (ref.func $first))

  (func $first (result i32) (i32.const 11))
  (func $hop (export "hop"))

  (func $show
    (call $say_bits (i64.extend_i32_u (global.get $i32)))
    (call $say_bits (global.get $i64))
    (call $say_bits (i64.extend_i32_u (i32.reinterpret_f32 (global.get $f32))))
    (call $say_bits (i64.reinterpret_f64 (global.get $f64)))
    (call $say_bits (i64x2.extract_lane 0 (global.get $v128)))
    (call $say_bits (i64x2.extract_lane 1 (global.get $v128)))
    (call $say (ref.is_null (global.get $f)))
    (call $say (ref.is_null (global.get $e))))

  (func $show_fixed
    (call $say_bits (i64.extend_i32_u (global.get $fixed_i32)))
    (call $say_bits (i64.reinterpret_f64 (global.get $fixed_f64)))
    (call $say_bits (i64x2.extract_lane 1 (global.get $fixed_v128)))
    (table.set $t (i32.const 1) (global.get $fixed_f))
    (call $say (call_indirect $t (result i32) (i32.const 1))))

  (func $dead (local $r funcref) (local $e externref)
    (local.set $r (table.get $t (i32.const 0)))
    (local.set $e (global.get $e))
    (call $say (ref.is_null (local.get $r)))
    (call $say (ref.is_null (local.get $e)))
    (call $hop)
    (local.set $r (global.get $f))
    (call $say (ref.is_null (local.get $r))))

  (func (export "_start")
    (call $hop)
    (call $show)
    (global.set $i32 (i32.const 0x80000001))
    (global.set $i64 (i64.const 0x8000000000000002))
    (global.set $f32 (f32.reinterpret_i32 (i32.const 0x7fa12345)))
    (global.set $f64 (f64.const -0))
    (global.set $v128 (v128.const i64x2 0x0123456789abcdef 0xfedcba9876543210))
    (global.set $f (ref.func $first))
    (call $hop)
    (call $show)
    (call $show_fixed)
    (call $dead)))
