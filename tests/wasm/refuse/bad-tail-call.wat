;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-tail-call
(module (memory 1) (func $f (export "f")) (func $tail (return_call $f)) (func (export "_start") (call $tail)))
