;; FUNCS: snapify_export__initialize,snapify_export_add,snapify_export_pair,snapify_export_get,main
;; FLAGS: --dest f=edge1
;; _initialize may be skipped; a function has one wrapper under all its names; results are kept in
;; a local while functions unwind; get has no point, but must not run before a restore. Calls inside
;; go to the function itself.
(module (memory 1)
  (func $f)
  (func $initialize (export "_initialize") (call $f))
  (func $add (export "add") (export "plus") (param i32 i64 f64) (result i64)
    (call $f) (local.get 1))
  (func $pair (export "pair") (result i32 f64) (call $f) (i32.const 1) (f64.const 2))
  (func $get (export "get") (result i32) (i32.const 5))
  (func $main (result i32) (call $get)))
