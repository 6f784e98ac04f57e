# Lines of the source, from the DWARF that clang leaves: in --explain, in refusals, and in what is
# shown of a snapshot. Behind each line that is named stands what the source says there.
command -v clang-19 >/dev/null && command -v wasm-ld-19 >/dev/null || skip 'clang-19 or its wasm-ld is missing'
"$top/scripts/engines" path wasmtime >/dev/null 2>&1 || skip 'wasmtime is missing'

mkdir source
cat >source/lines.c <<'C'
__attribute__((noinline)) int spare(int n) {
    return n + 1;
}

volatile int seen;

__attribute__((noinline)) int leaf(int n) {  // leaf begins
    seen = n;
    return seen * 3;                         // leaf returns
}

__attribute__((noinline)) int work(int (*callee)(int), int n) {  // work begins
    int sum = 0;
    for (int i = 0; i < n; i++)  // the loop
        sum +=                   // a round
            callee(i);           // the indirect call
    return sum;                  // work returns
}

void _start(void) {
    seen = 1;
    seen = leaf(seen) +       // the first call
           work(leaf, seen);  // the second call
}
C
# Adds to "(source/lines.c:N)" what stands in that line.
quote() {
    awk 'NR == FNR { text[NR] = $0; next }
        { line = $0
          while (match(line, /lines\.c:[0-9]+/)) {
              number = substr(line, RSTART + 8, RLENGTH - 8)
              sub(/^ +/, "", text[number]); sub(/  +/, "  ", text[number])
              line = substr(line, RSTART + RLENGTH); found = found "  | " text[number] }
          print $0 found; found = "" }' source/lines.c -
}

for level in 0 2; do
    echo "-O$level"
    clang-19 --target=wasm32 -nostdlib -g "-O$level" -c source/lines.c -o lines.o
    wasm-ld-19 lines.o -o "O$level.wasm" --export=spare
    rm lines.o
    run "O$level.wasm" --policy always --points all --skip spare --map --explain leaf --explain work -o app.wasm |
        sed -E 's/become [0-9]+/become N/; s/(bytes  )saves [^(]*/\1/' | quote
    mkdir snap
    "$top/scripts/engine-run" wasmtime --env SNAPIFY_STOP_AT=5 --dir snap app.wasm || echo "[exit $?]"
    "${SNAPIFY}-snapshot" inspect snap/snapshot.snap --module app.wasm | grep -E '^point| #' | quote
    "${SNAPIFY}-snapshot" inspect snap/snapshot.snap --module app.wasm --json |
        grep -E '"(file|line)":' | sed 1d
    "${SNAPIFY}-snapshot" inspect snap/snapshot.snap --module app.wasm --html | grep -c '&middot; source/lines.c:'
    rm -r snap
done

# What a recursion does in place has the lines of what it is a copy of.
echo 'copied'
cp source/lines.c first.c
cat >source/lines.c <<'C'
struct tree {
    struct tree *left, *right;
} tree;

int count(struct tree *tree) {
    if (!tree)
        return 0;
    int left = count(tree->left);        // the left half
    return left + count(tree->right) + 1;  // the right half
}

void _start(void) {
    count(&tree);
}
C
clang-19 --target=wasm32 -nostdlib -g -O1 -fno-inline -c source/lines.c -o lines.o
wasm-ld-19 lines.o -o copied.wasm
run copied.wasm --policy always --explain count -o app.wasm | grep '^  call' | sed 's/saves [^(]*//' | quote
mv first.c source/lines.c

echo 'refused'
run O0.wasm --dest 'work=two
lines' -o refused.wasm | quote

# Whatever stands in DWARF, the code becomes the same.
echo 'damaged'
"$SNAPIFY" -q O2.wasm --policy always --points all -o sound.wasm
start=$(grep -abo -m1 '\.debug_loc' O2.wasm | head -n 1 | cut -d: -f1)
end=$(grep -abo 'target_features' O2.wasm | tail -n 1 | cut -d: -f1)
for byte in '\000' '\177' '\377'; do
    at=$((start + 30))
    while [ $at -lt $((end - 20)) ]; do
        cp O2.wasm damaged.wasm
        printf "$byte" | dd of=damaged.wasm bs=1 seek=$at conv=notrunc 2>/dev/null
        at=$((at + 29))
        "$SNAPIFY" -q damaged.wasm --policy always --points all --map -o app.wasm 2>message ||
            ! grep -q 'not enough\|internal error\|failed' message || cat message
    done
done
# A section of the right name with nothing in it that can be read.
assemble empty.wasm <<'WAT'
(module (memory (export "memory") 1) (func (export "_start") (loop)))
WAT
printf '\000\014\013.debug_line' >>empty.wasm
run empty.wasm --policy always --map -o empty.map.wasm
