;; FLAGS: --dest f=edge1
(module (memory 1)
  (func $f (export "f"))
  (func $adds (result i32)
    i32.const 1
    i32.const 2
    loop (param i32 i32) (result i32)
      i32.add
    end)
  (func (export "_start") (call $f) (drop (call $adds))))
