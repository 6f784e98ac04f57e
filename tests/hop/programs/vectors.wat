;; Proves: v128 in locals, parameters, results, globals, operands and on a label that lives across a
;; marked call, with all of its bits; lanes that are replaced by a marked call's result.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (global $kept (mut v128) (v128.const i32x4 10 20 30 40))

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (local.get $n))

  (func $lanes (param $v v128)
    (call $say (i32x4.extract_lane 0 (local.get $v)))
    (call $say (i32x4.extract_lane 1 (local.get $v)))
    (call $say (i32x4.extract_lane 2 (local.get $v)))
    (call $say (i32x4.extract_lane 3 (local.get $v))))

  (func $replace (param $v v128) (result v128)
    (i32x4.add (local.get $v)
      (i32x4.replace_lane 2 (local.get $v) (call $ask (i32.const 9)))))

  (func $carry (param $n i32) (result v128)
    (block $out (result v128)
      (drop
        (br_if $out (call $replace (v128.const i32x4 1 2 3 4)) (call $ask (local.get $n))))
      (i32x4.mul (global.get $kept) (i32x4.splat (call $ask (i32.const 2))))))

  (func (export "_start") (local $bits v128)
    (local.set $bits (v128.const i64x2 0x8000000000000001 0x7ff0000000000001))
    (call $lanes (call $carry (i32.const 1)))
    (call $lanes (call $carry (i32.const 0)))
    (global.set $kept (i32x4.sub (global.get $kept) (i32x4.splat (call $ask (i32.const 1)))))
    (call $lanes (global.get $kept))
    (call $say_bits (i64x2.extract_lane 0 (local.get $bits)))
    (call $say_bits (i64x2.extract_lane 1 (local.get $bits)))))
