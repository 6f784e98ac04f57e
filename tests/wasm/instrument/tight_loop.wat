;; FUNCS: f
;; FLAGS: --policy always --max-latency 1
;; A loop without calls counts in a local; every way out of it writes the budget back.
(module (memory 1)
  (func $f (export "f") (param $p i32) (result i32)
    (block $out
      (loop $again
        (if (i32.eqz (local.get $p)) (then (return (i32.const 7))))
        (br_if $out (i32.eq (local.get $p) (i32.const 9)))
        (local.set $p (i32.load (local.get $p)))
        (br_if $again (local.get $p))))
    (local.get $p))
  (func $start (export "_start") (drop (call $f (i32.const 8)))))
