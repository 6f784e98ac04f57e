;; FUNCS: snapify_globals_save,snapify_globals_load,snapify_here_set
;; FLAGS: --dest f=edge1
;; Mutable ones only, wide ones first, the phase last.
(module (memory 1)
  (global $a (mut i32) (i32.const 1)) (global $b (mut i64) (i64.const 2)) (global $c i32 (i32.const 3))
  (global $d (mut f32) (f32.const 4)) (global $e (mut f64) (f64.const 5))
  (func $f (export "f") (global.set $a (global.get $c)))
  (func $start (export "_start") (call $f)))
