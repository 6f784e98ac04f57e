;; FUNCS: f
;; FLAGS: --policy always
;; Loops in a loop without calls share its counter; it is loaded and stored around all of them.
(module (memory 1)
  (func $f (export "f") (param $p i32) (result f64) (local $q i32) (local $sum f64)
    (loop $rows
      (local.set $q (local.get $p))
      (local.set $sum (f64.const 0))
      (loop $row
        (local.set $sum
          (f64.add (local.get $sum)
            (f64.mul (f64.load (local.get $q))
              (f64.sqrt (f64.convert_i32_s (i32.load offset=4 (local.get $q)))))))
        (br_if $row (i32.load (local.tee $q (i32.add (local.get $q) (i32.const 8))))))
      (f64.store (local.get $p) (local.get $sum))
      (br_if $rows (local.tee $p (i32.load (local.get $p)))))
    (local.get $sum))
  (func $start (export "_start") (drop (call $f (i32.const 8)))))
