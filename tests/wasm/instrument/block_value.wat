;; FUNCS: g
;; FLAGS: --dest f=edge1
;; A named block around a site hands its value over in a local; so do all targets of one br_table.
(module (memory 1)
  (func $f (export "f"))
  (func $g (param $x i32) (result i32)
    (block $out (result i32)
      (drop (block $in (result i32)
        (br_table $in $out (i32.const 7) (local.get $x))))
      (call $f)
      (i32.const 8)))
  (func $start (export "_start") (drop (call $g (i32.const 0)))))
