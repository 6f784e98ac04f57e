# What the instrumentation costs changes with it and with Binaryen's version: a number, not which one.
explain() {
    run in.wasm "$@" | sed -E 's/(become|"code_after":) [1-9][0-9]*/\1 N/'
}

# helper is never on the stack at a point, step only between two others that are, by way of a table.
assemble in.wasm --debug-names <<'WAT'
(module
  (type $unary (func (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (table 2 2 funcref)
  (elem (i32.const 1) $work)
  (func $helper (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 3)))
  (func $work (type $unary) (param $n i32) (result i32) (local $sum i64)
    (local.set $sum (i64.extend_i32_u (call $helper (local.get $n))))
    (if (local.get $n)
      (then (local.set $n (call $work (i32.sub (local.get $n) (i32.const 1))))))
    (i32.add (local.get $n) (i32.wrap_i64 (local.get $sum))))
  (func $step (param $n i32) (param $seed f64) (result f64)
    (f64.add
      (local.get $seed)
      (f64.convert_i32_u (call_indirect (type $unary) (local.get $n) (i32.const 1)))))
  (func $count (param $n i32)
    (loop $again
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $offloaded (call $count (i32.const 9)))
  (func $main (export "_start")
    (drop (call $step (i32.const 3) (f64.const 0.5)))
    (call $offloaded)))
WAT
explain --explain work --explain step --dest work=edge1 --dest work=cloud1
explain --explain helper --explain '*exit' --explain count --explain 0 \
    --dest work=edge1 --may-offload offloaded=cloud1
explain --explain 'st*' --policy always --points loop
explain --explain step --json --dest work=edge1
explain --explain step --dest work=edge1 -o out.wasm
explain --explain nothing --dest work=edge1
explain --explain work
echo 'a function of our own, in which the program waits'
assemble in.wasm <<'WAT'
(module
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $wait (export "_start")
    (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))
WAT
explain --explain '*' --policy always --points all | sed -E 's/saves .*/saves .../'
explain --explain work --list-points --dest work=edge1
list
