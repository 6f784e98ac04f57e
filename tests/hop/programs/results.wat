;; Proves: several results: of a marked function that returns by two paths, of its callers with and
;; without values pending, of blocks, ifs and loops that hold a point, through call_indirect.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (type $triple (func (param i32) (result i32 i64 f64)))
  (table funcref (elem $many $other))

  (func $many (export "many") (param $n i32) (result i32 i64 f64)
    (call $say (local.get $n))
    (if (i32.gt_s (local.get $n) (i32.const 5))
      (then
        (return (i32.const -1) (i64.const -2) (f64.const -3))))
    (local.get $n)
    (i64.extend_i32_s (i32.mul (local.get $n) (i32.const 100)))
    (f64.div (f64.convert_i32_s (local.get $n)) (f64.const 2)))

  (func $other (param $n i32) (result i32 i64 f64)
    (i32.const 9)
    (i64.const 8)
    (f64.const 7))

  ;; a caller that passes the results on
  (func $pass (param i32) (result i32 i64 f64)
    (call $many (i32.add (local.get 0) (i32.const 1))))

  ;; 10000 * third + second + first
  (func $fold (param i32 i64 f64) (result i32)
    (i32.add
      (i32.trunc_f64_s (f64.mul (local.get 2) (f64.const 10000)))
      (i32.add (i32.wrap_i64 (local.get 1)) (local.get 0))))

  (func $pending (param $n i32) (result i32)
    (i32.const 1000000)
    (call $fold (call $many (local.get $n)))
    (i32.sub))

  (func $blocks (param $n i32) (result i32) (local $i i32)
    (call $fold
      (block $out (result i32 i64 f64)
        (if (result i32 i64 f64) (local.get $n)
          (then
            (call $many (i32.const 2)))
          (else
            (loop $again (result i32 i64 f64)
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br_if $again (i32.lt_s (local.get $i) (i32.const 2)))
              (br $out (call $pass (local.get $i)))))))))

  (func (export "_start")
    (call $say (call $fold (call $pass (i32.const 0))))
    (call $say (call $fold (call $pass (i32.const 5))))
    (call $say (call $pending (i32.const 4)))
    (call $say (call $blocks (i32.const 0)))
    (call $say (call $blocks (i32.const 1)))
    (call $say (call $fold (call_indirect (type $triple) (i32.const 3) (i32.const 0))))
    (call $say (call $fold (call_indirect (type $triple) (i32.const 3) (i32.const 1))))))
