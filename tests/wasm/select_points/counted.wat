;; FUNCS: none
;; FLAGS: --policy always
;; Loops whose rounds are bounded by what they test have no point, whatever the test looks like;
;; those named no_... may run for long.
(module (memory 1)
  (func $test_before_step (param f64) (local $i i32) (local $next i32) (local $more i32)
    (loop $l
      (block $out
        (local.set $next (i32.add (local.get $i) (i32.const 1)))
        (br_if $out (f64.gt (local.get 0) (f64.const 4)))
        (local.set $more (i32.lt_u (local.get $i) (i32.const 199)))
        (local.set $i (local.get $next))
        (br_if $l (local.get $more)))))
  (func $while (param $i i32)
    (block $out
      (loop $l
        (br_if $out (i32.ge_u (local.get $i) (i32.const 100)))
        (local.set $i (i32.add (i32.const 1) (local.get $i)))
        (br $l))))
  (func $while_if (param $i i32)
    (loop $l
      (if (i32.gt_u (i32.const 100) (local.get $i))
        (then (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))))
  (func $signed_down (local $i i32)
    (local.set $i (i32.const 100))
    (loop $l
      (br_if $l (i32.ge_s (local.tee $i (i32.sub (local.get $i) (i32.const 3))) (i32.const 0)))))
  (func $both_arms (param i32) (local $i i32)
    (local.set $i (i32.const 7))
    (loop $l
      (if (local.get 0)
        (then (local.set $i (i32.add (local.get $i) (i32.const 1))) (i32.store (i32.const 0) (i32.const 1)))
        (else (local.set $i (i32.add (local.get $i) (i32.const 1)))))
      (br_if $l (i32.ne (local.get $i) (i32.const 100)))))
  (func $wide (param $i i64)
    (loop $l
      (br_if $l (i64.lt_u (local.tee $i (i64.add (local.get $i) (i64.const 2))) (i64.const 99)))))
  (func $step_as_large_as_the_rest (param $i i32)
    (loop $l
      (br_if $l (i32.gt_u (local.tee $i (i32.add (local.get $i) (i32.const 0x10000000)))
                          (i32.const 0x0fffffff)))))
  (func $lowest_bit (param $x i32)
    (loop $l
      (br_if $l (local.tee $x (i32.and (i32.sub (local.get $x) (i32.const 1)) (local.get $x))))))
  (func $shifted (param $x i64)
    (block $out
      (loop $l
        (br_if $out (i64.eqz (local.get $x)))
        (local.set $x (i64.shr_u (local.get $x) (i64.const 7)))
        (br $l))))
  (func $shifted_left (param $x i32)
    (loop $l
      (br_if $l (i32.ge_u (local.tee $x (i32.shl (local.get $x) (i32.const 33))) (i32.const 5)))))
  (func $digits (param $x i32) (local $more i32)
    (loop $l
      (local.set $more (i32.gt_u (local.get $x) (i32.const 9)))
      (local.set $x (i32.div_u (local.get $x) (i32.const 10)))
      (br_if $l (local.get $more))))
  (func $signed_digits (param $x i32)
    (loop $l
      (br_if $l (i32.ne (local.tee $x (i32.div_s (local.get $x) (i32.const 2))) (i32.const 0)))))
  (func $no_bit_less (param $x i32)
    (loop $l
      (br_if $l (local.tee $x (i32.and (i32.add (local.get $x) (i32.const 1)) (local.get $x))))))
  (func $no_way_to_zero (param $x i32)
    (loop $l
      (br_if $l (local.tee $x (i32.shr_s (local.get $x) (i32.const 1))))))
  (func $no_shift (param $x i32)
    (loop $l
      (br_if $l (local.tee $x (i32.shr_u (local.get $x) (i32.const 32))))))
  (func $no_division (param $x i32)
    (loop $l
      (br_if $l (local.tee $x (i32.div_s (local.get $x) (i32.const -2))))))
  (func $no_end_at_zero (param $x i32)
    (loop $l
      (br_if $l (i32.lt_u (local.tee $x (i32.shr_u (local.get $x) (i32.const 1))) (i32.const 9)))))
  (func $no_same_way (param $x i32)
    (loop $l
      (if (i32.load (i32.const 0))
        (then (local.set $x (i32.shl (local.get $x) (i32.const 1))))
        (else (local.set $x (i32.shr_u (local.get $x) (i32.const 1)))))
      (br_if $l (local.get $x))))
  (func $no_test_of_the_counter (param $i i32)
    (loop $l
      (br_if $l (i32.shr_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1)))))
  (func $no_step_of_what_shrank (param $i i32) (local $half i32)
    (local.set $i (i32.const 1))
    (loop $l
      (local.set $half (i32.shr_u (local.get $i) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $half) (i32.const 9000)))))
  (func $no_start (param $i i32)
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))
  (func $no_signed_start (param $i i32)
    (block $out
      (loop $l
        (br_if $out (i32.gt_s (local.get $i) (i32.const 99)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $l))))
  (func $no_meeting (local $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 3))) (i32.const 100)))))
  (func $no_rest_to_step_into (param $i i32)
    (loop $l
      (br_if $l (i32.gt_u (local.tee $i (i32.add (local.get $i) (i32.const 0x10000000)))
                          (i32.const 0x0ffffffe)))))
  (func $no_step_in_one_arm (param i32) (local $i i32)
    (local.set $i (i32.const 7))
    (loop $l
      (if (local.get 0) (then (local.set $i (i32.add (local.get $i) (i32.const 1)))))
      (br_if $l (i32.ne (local.get $i) (i32.const 100)))))
  (func $no_step (param $n i32)
    (loop $l
      (br_if $l (i32.lt_u (local.get $n) (i32.const 100)))))
  (func $no_test_on_one_way (param $i i32)
    (block $out
      (loop $l
        (block $skip
          (br_if $skip (i32.load (local.get $i)))
          (br_if $out (i32.ge_u (local.get $i) (i32.const 100))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $l))))
  (func $no_only_way_back (param $i i32)
    (loop $l
      (br_if $l (i32.load (i32.const 0)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9)))))
  (func $no_counter_of_its_own (param $i i32)
    (loop $l
      (loop $inner
        (local.set $i (i32.sub (local.get $i) (i32.load (i32.const 0))))
        (br_if $inner (i32.load (i32.const 0))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9)))))
  (func $no_other_value (param $i i32) (local $j i32)
    (loop $l
      (local.set $j (i32.mul (local.get $i) (i32.const 3)))
      (local.set $i (i32.add (local.get $j) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 9)))))
  (func (export "_start")))
