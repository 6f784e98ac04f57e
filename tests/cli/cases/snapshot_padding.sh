# A long run of pages begins at a multiple of 4,096 in the file; whatever tools make of the padding in front of it.
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'
command -v jq >/dev/null || skip 'jq is missing'

assemble in.wasm <<'WAT'
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (memory (export "memory") 20)
  (func $work (export "work"))
  (func (export "_start") (local $at i32)
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 64) (i32.const 1024)))
    (local.set $at (i32.const 20480))
    (loop $fill
      (i32.store (local.get $at) (local.get $at))
      (local.set $at (i32.add (local.get $at) (i32.const 512)))
      (br_if $fill (i32.lt_u (local.get $at) (i32.const 1100000))))
    (call $work)
    (i32.store (i32.const 40960) (i32.const 9))
    (call $work)
    (call $proc_exit (i32.load8_u (i32.const 40960)))))
WAT
run in.wasm --dest work=edge1 -q -o out.wasm
mkdir snap
padding() { # FILE: how long, and where the run of 263 or so pages begins in its page
    "${SNAPIFY}-snapshot" inspect --json "$1" >inspected
    jq -r '.sections | map(select(.type == "PAD.")) | "\(length) PAD."' inspected
    at=$(LC_ALL=C grep -obUaP '\x00\x50\x00\x00\x00{508}\x00\x52\x00\x00' "$1" | head -n 1 | cut -d : -f 1)
    echo "the run begins at $((at % 4096))"
}

go --env KAFU_NODE=home --env SECRET=hunter2 --env SNAPIFY_SAVE=first.snap out.wasm
go --env KAFU_NODE=edge1 --env SNAPIFY_RESTORE=first.snap --env SNAPIFY_SAVE=second.snap out.wasm
cd snap
agree first.snap second.snap
padding first.snap

echo 'the same bytes again'
come_back
snapshot compact first.snap -q -z 3 -o small.snap
snapshot compact small.snap -q -o compact.snap
cmp compact.snap first.snap
snapshot export first.snap --memory memory.bin
snapshot import first.snap --memory memory.bin -q -o imported.snap
cmp imported.snap first.snap

echo 'other bytes, aligned again'
printf 'x' | dd of=memory.bin bs=1 seek=1200000 conv=notrunc 2>/dev/null
printf 'x' | dd of=memory.bin bs=1 seek=9000 conv=notrunc 2>/dev/null
snapshot import first.snap --memory memory.bin -q -o imported.snap
padding imported.snap
snapshot strip-env first.snap -q -o stripped.snap
cmp -s first.snap stripped.snap || padding stripped.snap
agree imported.snap stripped.snap
snapshot diff first.snap imported.snap
head -c 1310720 /dev/zero >memory.bin
snapshot import first.snap --memory memory.bin -q -o imported.snap
"${SNAPIFY}-snapshot" inspect --json imported.snap | jq -r '.sections[].type' | paste -sd ' '

echo 'damaged'
at=$("${SNAPIFY}-snapshot" inspect --json first.snap | jq '.sections[] | select(.type == "PAD.").offset')
cp first.snap damaged.snap
printf 'x' | dd of=damaged.snap bs=1 seek=$((at + 100)) conv=notrunc 2>/dev/null
snapshot verify damaged.snap 2>&1 | sed 's/0x[0-9a-f]*/AT/'
cd ..
go --env SNAPIFY_RESTORE=damaged.snap out.wasm
go --env SNAPIFY_RESTORE=stripped.snap out.wasm
for setting in SNAPIFY_HASH=0 SNAPIFY_DELTA=1; do
    echo "$setting"
    go --env KAFU_NODE=home --env $setting --env SNAPIFY_SAVE=other.snap out.wasm
    "${SNAPIFY}-snapshot" inspect --json snap/other.snap | jq -r '.sections[].type' | paste -sd ' '
    go --env SNAPIFY_RESTORE=other.snap out.wasm
done
"${SNAPIFY}-snapshot" inspect --json snap/other.snap.1 | jq -r '.sections[].type' | paste -sd ' '
