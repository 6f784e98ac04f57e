;; FUNCS: start
;; FLAGS: --dest start=edge1
;; The application's memory ends where the region begins.
(module (memory 1)
  (func $start (export "_start")
    (drop (memory.grow (i32.add (memory.size) (i32.const 1))))))
