# --compress: what the module writes is what the tools read, and plain snapshots are taken as well.
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'
"$top/scripts/engines" path zstd >/dev/null 2>&1 || skip "zstd's sources are missing"

assemble in.wasm <<'WAT'
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "begins at address 0")
  (func $work (export "work") (param $n i32)
    (loop $fill
      (i32.store (local.get $n) (i32.add (i32.load (local.get $n)) (i32.shr_u (local.get $n) (i32.const 5))))
      (br_if $fill (local.tee $n (i32.sub (local.get $n) (i32.const 4))))))
  (func (export "_start")
    (call $work (i32.const 200000))
    (call $work (i32.const 100000))
    (call $proc_exit (i32.and (i32.load (i32.const 2000)) (i32.const 63)))))
WAT
mkdir snap

for level in zstd: zstd:0 zstd:5 zstd:10 gzip; do run in.wasm --compress "$level" -o out.wasm; done
# What zstd adds changes with its version and with clang's.
run in.wasm --dest work=edge1 --compress zstd -o zip.wasm >log 2>&1
sed -E 's/[0-9]+ kB/N kB/' log
run in.wasm --dest work=edge1 -q --compress zstd:4 -o zip4.wasm
run in.wasm --dest work=edge1 -q -o plain.wasm
said=$(sed -nE 's/.* some ([0-9]+) kB.*/\1/p' log)
added=$((($(wc -c <zip.wasm) - $(wc -c <plain.wasm)) / 1000))
[ $((said - added)) -le 4 ] && [ $((added - said)) -le 4 ] || echo "$said kB said, $added kB added"
go in.wasm
go --env KAFU_NODE=home zip.wasm
snapshot verify snap/snapshot.snap | sed "s/fingerprint .*/fingerprint .../"
"${SNAPIFY}-snapshot" inspect snap/snapshot.snap | sed -n '1s/,[^,]*, compressed.*/, compressed/p; /^point/p'
go --env KAFU_NODE=edge1 --env SNAPIFY_RESTORE=snapshot.snap zip.wasm
cp snap/snapshot.snap snap/second.snap
snapshot compact snap/second.snap -o snap/unpacked.snap -q
snapshot compact snap/second.snap -z 19 -o snap/packed.snap -q
snapshot compact snap/second.snap -z 3 --long -o snap/wide.snap -q
for name in second unpacked packed wide; do
    go --env KAFU_NODE=home --env SNAPIFY_RESTORE=$name.snap zip.wasm
done
go --env KAFU_NODE=edge1 --env SNAPIFY_RESTORE=snapshot.snap zip.wasm
go --env KAFU_NODE=home --env SNAPIFY_RESTORE=snapshot.snap zip.wasm
echo 'made by another build, and by one that does not compress'
go --env KAFU_NODE=home --env SNAPIFY_RESTORE=second.snap zip4.wasm
go --env KAFU_NODE=home --env SNAPIFY_RESTORE=second.snap plain.wasm
echo 'stopped anywhere, in two files'
run in.wasm --policy=always -q --compress zstd -o always.wasm
go --env SNAPIFY_STOP_AT=1 --env SNAPIFY_DELTA=1 --env SNAPIFY_SAVE=pair.snap always.wasm
snapshot verify snap/pair.snap snap/pair.snap.1 | sed "s/fingerprint .*/fingerprint .../"
go --env SNAPIFY_RESTORE=pair.snap always.wasm
