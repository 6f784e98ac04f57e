;; FUNCS: marked,tail,five,two,pair
;; FLAGS: --policy always --dest marked=edge1
;; WAT2WASM: --enable-tail-call
;; These stay: one whose entries are points, tail calls, too many calls, a recursion through two
;; functions, two results.
(module
  (func $marked (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $marked (i32.sub (local.get 0) (i32.const 1))))
      (else (i32.const 7))))
  (func $tail (param i32) (result i32)
    (if (local.get 0)
      (then (return_call $tail (i32.sub (local.get 0) (i32.const 1)))))
    (i32.const 7))
  (func $five (param i32)
    (if (local.get 0)
      (then
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (call $five (local.get 0))
        (call $five (local.get 0))
        (call $five (local.get 0))
        (call $five (local.get 0))
        (call $five (local.get 0)))))
  (func $two (param i32)
    (if (local.get 0)
      (then (call $other (local.get 0)))))
  (func $other (param i32)
    (call $two (i32.sub (local.get 0) (i32.const 1))))
  (func $pair (param i32) (result i32 i32)
    (if (local.get 0)
      (then (return (call $pair (i32.sub (local.get 0) (i32.const 1))))))
    (i32.const 7) (local.get 0))
  (func (export "_start")
    (drop (call $marked (i32.const 1)))
    (drop (call $tail (i32.const 1)))
    (call $five (i32.const 1))
    (call $two (i32.const 1))
    (call $pair (i32.const 1)) (drop) (drop)))
