;; Proves: marked calls in control flow that compilers make of goto and switch: a state machine with
;; falls from one state into the next, br_table to the headers of two loops and out of both, nested
;; blocks that a br_table leaves at any depth, br_if and br_table that carry two values; deep
;; operands; ten results; typed select; bulk memory, sign extension, saturating conversions.
(module
  ;; include say.wat
  (memory (export "memory") 1)
  (data $abc "abc")

  (func $ask (export "ask") (param $n i32) (result i32)
    (call $say (local.get $n))
    (local.get $n))

  (func $machine (param $state i32) (result i32) (local $sum i32)
    (loop $next
      (block $done
        (block $c
          (block $b
            (block $a
              (br_table $a $b $c $done (local.get $state)))
            (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 1))))
            (local.set $state (i32.const 2))
            (br $next))
          (local.set $sum
            (i32.add (i32.mul (local.get $sum) (i32.const 10)) (call $ask (i32.const 2))))
          (if (i32.gt_s (local.get $sum) (i32.const 100))
            (then
              (local.set $state (i32.const 3))
              (br $next))))
        (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 3))))
        (local.set $state (i32.const 1))
        (br $next)))
    (local.get $sum))

  (func $grid (result i32) (local $i i32) (local $j i32) (local $sum i32) (local $end i32)
    (block $out
      (loop $rows
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $j (i32.const 0))
        (loop $columns
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (local.set $sum
            (i32.add (local.get $sum)
              (call $ask (i32.add (i32.mul (local.get $i) (i32.const 10)) (local.get $j)))))
          (local.set $end (i32.ge_s (local.get $j) (local.get $i)))
          (br_table $columns $rows $out
            (i32.add (local.get $end)
              (i32.and (local.get $end) (i32.ge_s (local.get $i) (i32.const 2))))))))
    (local.get $sum))

  (func $nest (param $n i32) (result i32) (local $sum i32)
    (block $5
      (block $4
        (block $3
          (block $2
            (block $1
              (block $0
                (br_table $0 $1 $2 $3 $4 $5 (call $ask (local.get $n))))
              (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 100)))))
            (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 101)))))
          (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 102)))))
        (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 103)))))
      (local.set $sum (i32.add (local.get $sum) (call $ask (i32.const 104)))))
    (local.get $sum))

  (func $fold (param i32 i64) (result i32)
    (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))))

  (func $carry (param $n i32) (result i32)
    block (result i32 i64)
      (call $ask (i32.const 6))
      (i64.extend_i32_s (call $ask (i32.const 7)))
      (br_if 0 (local.get $n))
      drop
      drop
      (call $ask (i32.const 8))
      i64.const 9
    end
    call $fold)

  (func $table (param $n i32) (result i32)
    block $x (result i32 i64)
      block $y (result i32 i64)
        (call $ask (i32.const 1))
        i64.const 2
        (br_table $x $y (call $ask (local.get $n)))
      end
      i64.const 10
      i64.add
    end
    call $fold)

  (func $deep (result i32)
    (i32.sub (call $ask (i32.const 1))
      (i32.sub (call $ask (i32.const 2))
        (i32.sub (call $ask (i32.const 3))
          (i32.sub (call $ask (i32.const 4)) (call $ask (i32.const 5)))))))

  (func $ten (param $n i32) (result i32 i32 i32 i32 i64 i64 f32 f64 i32 i32)
    (call $ask (local.get $n))
    (i32.add (local.get $n) (i32.const 1))
    (i32.add (local.get $n) (i32.const 2))
    (i32.add (local.get $n) (i32.const 3))
    (i64.extend_i32_s (i32.add (local.get $n) (i32.const 4)))
    (i64.extend_i32_s (i32.add (local.get $n) (i32.const 5)))
    (f32.convert_i32_s (i32.add (local.get $n) (i32.const 6)))
    (f64.convert_i32_s (i32.add (local.get $n) (i32.const 7)))
    (call $ask (i32.add (local.get $n) (i32.const 8)))
    (i32.add (local.get $n) (i32.const 9)))
  (func $sum_ten (param i32 i32 i32 i32 i64 i64 f32 f64 i32 i32) (result i32)
    (i32.add
      (i32.add (i32.add (local.get 0) (local.get 1)) (i32.add (local.get 2) (local.get 3)))
      (i32.add
        (i32.add (i32.wrap_i64 (i64.add (local.get 4) (local.get 5)))
          (i32.trunc_f64_s (f64.add (f64.promote_f32 (local.get 6)) (local.get 7))))
        (i32.add (local.get 8) (local.get 9)))))

  (func $bulk
    (memory.fill (call $ask (i32.const 200)) (call $ask (i32.const 7)) (call $ask (i32.const 3)))
    (memory.copy (call $ask (i32.const 210)) (call $ask (i32.const 200)) (call $ask (i32.const 2)))
    (memory.init $abc
      (call $ask (i32.const 220)) (call $ask (i32.const 1)) (call $ask (i32.const 2)))
    (data.drop $abc)
    (call $say (i32.load (i32.const 200)))
    (call $say (i32.load (i32.const 210)))
    (call $say (i32.load (i32.const 220))))

  (func $conversions
    (call $say (i32.extend8_s (call $ask (i32.const 200))))
    (call $say (i32.extend16_s (call $ask (i32.const 40000))))
    (call $say
      (i32.trunc_sat_f64_s
        (f64.mul (f64.convert_i32_s (call $ask (i32.const 3))) (f64.const 1e300))))
    (call $say
      (i32.wrap_i64
        (i64.trunc_sat_f32_u (f32.neg (f32.convert_i32_s (call $ask (i32.const 4))))))))

  (func (export "_start")
    (call $say (call $machine (i32.const 0)))
    (call $say (call $machine (i32.const 1)))
    (call $say (call $grid))
    (call $say (call $nest (i32.const 3)))
    (call $say (call $nest (i32.const 9)))
    (call $say (call $carry (i32.const 1)))
    (call $say (call $carry (i32.const 0)))
    (call $say (call $table (i32.const 0)))
    (call $say (call $table (i32.const 1)))
    (call $say (call $deep))
    (call $say (call $sum_ten (call $ten (i32.const 1))))
    (call $say
      (i32.wrap_i64
        (select (result i64) (i64.extend_i32_s (call $ask (i32.const 5))) (i64.const 6)
          (call $ask (i32.const 0)))))
    (call $bulk)
    (call $conversions)))
