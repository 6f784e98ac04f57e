;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-exceptions
(module (memory 1) (func $f (export "f")) (func $tries (try (do (call $f)) (catch_all))) (func (export "_start") (call $tries)))
