;; FUNCS: old,caught
;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-exceptions
(module
  (memory 1)
  (tag $e (param i32))
  (func $f (export "f") (param $n i32) (result i32) (throw $e (local.get 0)))
  ;; the body has a dispatch of its own; x changes only when the call has returned for good
  (func $old (param $n i32) (result i32) (local $x i32)
    (local.set $x (i32.const 33))
    (try
      (do (local.set $x (call $f (local.get $n))))
      (catch $e (drop)))
    (local.get $x))
  ;; a handler that holds a site is taken out, and throws again what it has caught
  (func $caught
    (try
      (do (drop (call $f (i32.const 1))))
      (catch $e (drop (call $f)) (rethrow 0))))
  (func (export "_start") (drop (call $old (i32.const 1))) (call $caught)))
