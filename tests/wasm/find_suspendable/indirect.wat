;; FUNCS: none
;; FLAGS: --dest marked=edge1
;; An indirect call reaches the functions of its signature that are in a table, and no others.
(module (memory 1)
  (type $unary (func (param i32) (result i32)))
  (type $nullary (func (result i32)))
  (table 2 funcref)
  (elem (i32.const 0) $marked $other)
  (func $marked (export "marked") (param i32) (result i32) (local.get 0))
  (func $other (result i32) (i32.const 1))
  (func $calls_unary (result i32) (call_indirect (type $unary) (i32.const 0) (i32.const 0)))
  (func $calls_nullary (result i32) (call_indirect (type $nullary) (i32.const 1)))
  (func $start (export "_start") (drop (call $calls_unary)) (drop (call $calls_nullary))))
