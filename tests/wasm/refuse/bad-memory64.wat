;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-memory64
(module (memory i64 1) (func $f (export "f")) (func (export "_start") (call $f)))
