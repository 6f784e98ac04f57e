# SNAPIFY_HASH=0: tools say that pages are not protected, and give them their hashes.
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'

assemble in.wasm <<'WAT'
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func $work (export "work"))
  (func (export "_start")
    (i32.store (i32.const 4096) (i32.const 5))
    (call $work)
    (call $proc_exit (i32.load (i32.const 4096)))))
WAT
run in.wasm --dest work=edge1 -q -o out.wasm
mkdir snap

go --env KAFU_NODE=home --env SNAPIFY_HASH=0 out.wasm
agree snap/snapshot.snap
"${SNAPIFY}-snapshot" verify --json snap/snapshot.snap | grep protected
"${SNAPIFY}-snapshot" inspect snap/snapshot.snap | sed -n '1s/, [0-9.]* [A-Za-z]*,/,/p'
"${SNAPIFY}-snapshot" inspect --json snap/snapshot.snap | grep protected
snapshot compact snap/snapshot.snap -q -o snap/hashed.snap
agree snap/hashed.snap
"${SNAPIFY}-snapshot" inspect --json snap/hashed.snap | grep protected
for name in snapshot hashed; do go --env SNAPIFY_RESTORE=$name.snap out.wasm; done

cp snap/snapshot.snap before.snap
echo 'a page with another value: 7 in place of 5'
for name in snapshot hashed; do
    at=$(LC_ALL=C grep -obUaP '\x05\x00{100}' snap/$name.snap | tail -n 1 | cut -d : -f 1)
    printf '\007' | dd of=snap/$name.snap bs=1 seek="$at" conv=notrunc 2>/dev/null
    go --env SNAPIFY_RESTORE=$name.snap out.wasm
done

echo 'deltas'
snapshot delta before.snap snap/snapshot.snap -q -o snap/delta.snap
snapshot apply before.snap snap/delta.snap -q -o snap/whole.snap
agree snap/whole.snap
go --env SNAPIFY_RESTORE=whole.snap out.wasm

echo 'a store of pages'
snapshot store before.snap --store pages -q -o before.recipe
snapshot fetch before.recipe --store pages -q -o snap/fetched.snap
agree before.recipe snap/fetched.snap
go --env SNAPIFY_RESTORE=fetched.snap out.wasm
snapshot gc before.recipe --store pages
