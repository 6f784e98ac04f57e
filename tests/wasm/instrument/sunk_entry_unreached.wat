;; FUNCS: f
;; FLAGS: --policy always
;; The only call on a cycle is never reached: what its expression begins with returns. No place
;; behind that is looked for, the entry point stays in front.
(module
  (func $f (export "f") (param $n i32) (result i32)
    (if
      (i32.add
        (block $never (result i32)
          (return (i32.const 0)))
        (call $f (i32.const 2)))
      (then (return (i32.const 3))))
    (i32.const 4))
  (func $start (export "_start")))
