;; FLAGS: --dest f=edge1
(module (memory 1) (func $f (export "f")) (func $g (export "g") (call $f)))
