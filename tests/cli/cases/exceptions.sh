# Legacy exceptions are rewritten; what Binaryen cannot read is refused by name before it tries.
patch_bytes() { # FROM TO, as \xNN
    LC_ALL=C sed "s/$1/$2/" in.wasm >patched.wasm
    ! cmp -s in.wasm patched.wasm || echo "nothing to patch"
}
assemble in.wasm --debug-names --enable-exceptions <<'WAT'
(module
  (memory (export "memory") 1)
  (tag $e)
  (func $work (export "work") (throw $e))
  (func $tries
    (try
      (do (call $work))
      (catch $e (call $work))
      (catch_all (call $work) (rethrow 0))))
  (func (export "_start") (call $tries)))
WAT
run in.wasm -o out.wasm --dest work=edge1
run in.wasm -o out.wasm --policy=always --points=all
wasm-validate --enable-exceptions out.wasm
assemble in.wasm --debug-names <<'WAT'
(module
  (memory (export "memory") 1)
  (type $none (func))
  (table 1 funcref)
  (func $work (export "work"))
  (func $other (block (nop)))
  (func $another (call_indirect (type $none) (i32.const 0)))
  (func (export "_start") (call $work)))
WAT
patch_bytes '\x02\x40\x01\x0b' '\x1f\x40\x00\x0b' # try_table without catches
run patched.wasm -o new.wasm --dest work=edge1
patch_bytes '\x02\x40\x01\x0b' '\x0a\x00\x01\x01' # throw_ref
run patched.wasm -o new.wasm --dest work=edge1
patch_bytes '\x11\x00\x00' '\x14\x00\x01' # call_ref
run patched.wasm -o new.wasm --dest work=edge1
patch_bytes '\x11\x00\x00' '\x15\x00\x01' # return_call_ref
run patched.wasm -o new.wasm --dest work=edge1
list
