# How much runs between two points, without --points. A step is a call of 7 instructions, and no
# function here calls more than two others that meet no point and so take 10,000 instructions at
# most: 2 * 1,428 steps. Nothing steps behind a recursion.
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'
assemble in.wasm --debug-names <<'WAT'
(module
  (type $nullary (func))
  (memory (export "memory") 1) ;; 0: steps; 4: rounds left
  (table 1 funcref) (elem (i32.const 0) $steps)
  (func $step (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))
  (func $steps (local $i i32)
    (local.set $i (i32.const 600))
    (loop $l
      (call $step)
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $steps_thrice (local $i i32)
    (local.set $i (i32.const 3))
    (loop $l
      (call $steps)
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
  (func $steps_twice (call $steps) (call $steps))
  (func $by_table (call_indirect (type $nullary) (i32.const 0)))
  (func $tree (param $depth i32)
    (call $steps)
    (if (local.get $depth)
      (then
        (call $tree (i32.sub (local.get $depth) (i32.const 1)))
        (call $tree (i32.sub (local.get $depth) (i32.const 1))))))
  (func $all
    (call $steps_twice) (call $tree (i32.const 2)) (call $by_table) (call $steps_thrice))
  (func (export "_start")
    (i32.store (i32.const 4) (i32.const 2))
    (loop $rounds
      (call $all)
      (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 4)) (i32.const 1)))
      (br_if $rounds (i32.load (i32.const 4))))))
WAT
# Steps done when the program stops at point $1; fails if it does not.
steps() {
    "$top/scripts/engine-run" wasmtime --env "SNAPIFY_STOP_AT=$1" --dir snap out.wasm && return 1
    "${SNAPIFY}-snapshot" export snap/snapshot.snap --memory memory
    od -An -tu4 -N4 memory
}
# The farthest that two points are apart.
measure() {
    before=0 most=0 point=1
    while now=$(steps $point); do
        [ $((now - before)) -le $most ] || most=$((now - before))
        before=$now point=$((point + 1))
    done
    echo "points: $((point - 1))"
}
mkdir snap
run in.wasm -o out.wasm --policy=always
measure
[ "$most" -le 2856 ] && echo 'near enough'
[ "$most" -ge 600 ] && echo 'none in between'
