;; FUNCS: snapify_export__start,snapify_first
;; FLAGS: --dest f=edge1
;; The start section's function runs once, before _start.
(module (memory 1)
  (func $f (export "f"))
  (func $first (call $f))
  (start $first)
  (func $start (export "_start") (call $f)))
