;; FUNCS: none
;; FLAGS: --dest marked=edge1
;; Upwards from the marked function, never downwards.
(module (memory 1)
  (func $below)
  (func $marked (export "marked") (call $below))
  (func $caller (call $marked))
  (func $start (export "_start") (call $caller) (call $beside))
  (func $beside (call $below)))
