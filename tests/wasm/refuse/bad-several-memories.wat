;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-multi-memory
(module (memory 1) (memory 1) (func $f (export "f")) (func (export "_start") (call $f)))
