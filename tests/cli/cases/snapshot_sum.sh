# Snapshots have a sum of their pages: any damage is noticed, and all that tools make of one gives its bytes again.
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'

assemble in.wasm <<'WAT'
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (func $work (export "work"))
  (func (export "_start")
    (i32.store (i32.const 4096) (i32.const 5))
    (i32.store (i32.const 8192) (i32.const 6))
    (i32.store (i32.const 65536) (i32.const 7))
    (call $work)
    (i32.store (i32.const 8192) (i32.const 8))
    (call $work)
    (call $proc_exit (i32.load (i32.const 4096)))))
WAT
run in.wasm --dest work=edge1 -q -o out.wasm
mkdir snap

go --env KAFU_NODE=home --env SNAPIFY_SAVE=first.snap out.wasm
go --env KAFU_NODE=edge1 --env SNAPIFY_RESTORE=first.snap --env SNAPIFY_SAVE=second.snap out.wasm
cd snap
agree first.snap second.snap
"${SNAPIFY}-snapshot" verify --json first.snap | grep protected

echo 'the same bytes again'
come_back

echo 'pages that have changed places'
size=$(wc -c <first.snap)
at=$(LC_ALL=C grep -obUaP '\x05\x00{100}' first.snap | tail -n 1 | cut -d : -f 1)
{
    head -c "$at" first.snap
    tail -c +$((at + 4097)) first.snap | head -c 4096
    tail -c +$((at + 1)) first.snap | head -c 4096
    tail -c +$((at + 8193)) first.snap
} >swapped.snap
[ "$(wc -c <swapped.snap)" = "$size" ] && cmp -s first.snap swapped.snap || echo differs
snapshot verify swapped.snap
cd ..
go --env SNAPIFY_RESTORE=swapped.snap out.wasm
go --env SNAPIFY_RESTORE=first.snap out.wasm
