;; FUNCS: g,self,kept
;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-tail-call
(module
  (memory 1)
  (func $f (export "f") (param i32) (result i32) (local.get 0))
  ;; a call and a return
  (func $g (param i32) (result i32) (return_call $f (i32.const 1)))
  ;; a loop: both operands first, the local starts at zero
  (func $self (param i32 i32) (result i32) (local f64)
    (if (i32.eqz (local.get 0)) (then (return (call $f (local.get 1)))))
    (return_call $self (local.get 1) (local.get 0)))
  ;; nothing to come back for
  (func $leaf (param i32) (result i32) (local.get 0))
  (func $kept (param i32) (result i32)
    (if (local.get 0) (then (drop (call $f (local.get 0)))))
    (return_call $leaf (i32.const 3)))
  (func (export "_start") (drop (call $g (i32.const 0))) (drop (call $self (i32.const 0) (i32.const 0)))
    (drop (call $kept (i32.const 0)))))
