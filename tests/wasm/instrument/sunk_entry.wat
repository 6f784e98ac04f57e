;; FUNCS: fact,sum,either
;; FLAGS: --policy always
;; Where nothing is called before, nothing holds the entry point up: fact(0) and sum(null) pass none.
(module (memory 1)
  (func $fact (export "fact") (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (i32.mul (call $fact (i32.sub (local.get $n) (i32.const 1))) (local.get $n)))
      (else (i32.const 1))))
  (func $sum (export "sum") (param $node i32) (result i32)
    (block $null
      (br_if $null (i32.eqz (local.get $node)))
      (return
        (i32.add
          (call $sum (i32.load (local.get $node)))
          (call $sum (i32.load offset=4 (local.get $node))))))
    (i32.const 0))
  (func $either (export "either") (param $n i32)
    (if (local.get $n)
      (then (call $either (i32.const 0)))
      (else (call $either (i32.const 1)))))
  (func $start (export "_start")))
