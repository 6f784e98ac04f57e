# These look right from outside, but Binaryen ends the process over the code in them, or does not
# accept it as valid. The user hears of it from us, and no file is written.
while read -r name code; do
    assemble "$name.wasm" --no-check <<WAT
(module
  (memory (export "memory") 1)
  (func (export "f") (result i32) $code)
  (func (export "_start") (drop (call 0))))
WAT
    # What Binaryen says depends on its version.
    run "$name.wasm" -o out --dest f=edge1 |
        sed -e "s/\(Binaryen fail: \)[a-z].*/\1.../" -e "s/\(Binaryen says: \).*/\1.../"
done <<'END'
bad_local (local.get 99)
bad_label (br 99)
empty_stack i32.add
wrong_type (i64.add (i32.const 1) (i32.const 2))
no_value
END
rm -- *.wasm
list
