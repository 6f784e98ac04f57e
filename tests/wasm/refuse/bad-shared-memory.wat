;; FLAGS: --dest f=edge1
;; WAT2WASM: --enable-threads
(module (memory 1 1 shared) (func $f (export "f")) (func (export "_start") (call $f)))
