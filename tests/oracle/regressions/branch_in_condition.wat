;; snapify --dest=seven=edge
;; The condition of a br_if branched to the same label: its value was taken for that of the outer one.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\02\00\00\00?\0a")

  (func $seven (result i32)
    (i32.const 55))

  ;; 0: the inner branch is not taken, its value is the condition of the outer one, which carries "7"
  ;; 1: the inner branch carries "9"
  (func $pick (param $inner i32) (result i32)
    (block $out (result i32)
      (drop
        (br_if $out
          (call $seven)
          (br_if $out (i32.const 57) (local.get $inner))))
      (i32.const 33)))

  ;; the same with a table
  (func $choose (param $inner i32) (result i32)
    (block $out (result i32)
      (br_table $out $out
        (call $seven)
        (br_if $out (i32.const 57) (local.get $inner)))))

  (func $say (param $character i32)
    (i32.store8 (i32.const 8) (local.get $character))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))

  (func (export "_start")
    (call $say (call $pick (i32.const 0)))
    (call $say (call $pick (i32.const 1)))
    (call $say (call $choose (i32.const 0)))
    (call $say (call $choose (i32.const 1)))))
