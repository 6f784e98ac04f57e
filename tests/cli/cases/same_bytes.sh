# The bytes depend on the input and the options, not on the file's name, the directory, the layout of
# the address space or what else is in the environment.
assemble in.wasm --debug-names <<'WAT'
(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 2 2 funcref)
  (elem (i32.const 0) $work $other)
  (global $count (mut i32) (i32.const 0))
  (func $other (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 3)))
  (func $work (type $unary) (param $n i32) (result i32)
    (if (local.get $n)
      (then (local.set $n (call_indirect (type $unary) (local.get $n) (i32.const 1)))))
    (local.get $n))
  (func (export "_start") (drop (call $work (i32.const 3)))))
WAT
mkdir -p elsewhere/deep
cp in.wasm elsewhere/deep/other-name.wasm
for options in '--dest work=edge1' '--policy=always' '--policy=always -O2 -g' '--may-offload work=b -Os'; do
    "$SNAPIFY" in.wasm $options -o expected.wasm
    "$SNAPIFY" in.wasm $options -o again.wasm
    (cd elsewhere/deep && env -i TERM=none A=1234567890 "$SNAPIFY" $options -o - other-name.wasm) >third.wasm
    setarch -R "$SNAPIFY" --no-isolation in.wasm $options -o fixed.wasm
    for other in again third fixed; do
        cmp expected.wasm $other.wasm && echo "$options: $other: the same"
    done
done
