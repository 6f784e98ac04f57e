# clang -B"$(snapify --clang-dir)": what comes out of one call of the compiler.
unset SNAPIFY_FLAGS
real_snapify=$SNAPIFY
unset SNAPIFY # the shims find it by themselves
clang_dir=$("$real_snapify" --clang-dir) || skip 'the shims are missing; run make'
version=
for number in 16 19; do
    if command -v clang-$number >/dev/null && command -v wasm-ld-$number >/dev/null; then
        version=$number
    fi
done
[ -n "$version" ] || skip 'neither clang-16 nor clang-19 with its wasm-ld is there'

cat >marked.c <<'E2'
#include <kafu.h>
KAFU_DEST("edge1") int f(int a) { return a * 3; }
int main(int argc, char **argv) { (void)argv; return f(argc); }
E2
echo 'int three(void) { return 3; } int main(void) { return three(); }' >plain.c
echo 'int missing(void); int main(void) { return missing(); }' >broken.c
printf '#!/bin/sh\necho "stand-in: refused" >&2\nexit 1\n' >refusing
chmod +x refusing

# cc DIRECTORY ARGUMENT...: prints what the compiler says, without what changes from run to run.
cc() {
    directory=$1
    shift
    status=0
    "clang-$version" -B"$directory" --target=wasm32-wasi --sysroot=/usr -I"$top/include" "$@" \
        >log 2>&1 || status=$?
    sed "s|clang-$version|clang|g; s|wasm-ld-$version|wasm-ld|g; s|/[^ ]*/||g; s|-[0-9a-f]*\.o|.o|" log
}

# describe FILE: rewritten, as linked, or missing; and what is left of the marks.
describe() {
    left=$(ls -A | grep -c 'link-' || true)
    if [ ! -f "$1" ]; then
        echo "  status $status, no $1, $left left over"
        return
    fi
    kind='as linked'
    ! grep -q SNAPIFY_RESTORE "$1" || kind=rewritten
    ! grep -q 'kafu:' "$1" || kind="$kind, marks inside"
    echo "  status $status, $kind, $left left over"
    rm -f "$1"
}

for level in -O0 -O1 -O2 -O3 -Os -flto '-O2 -flto'; do
    echo "$level:"
    # shellcheck disable=SC2086 # words
    cc "$clang_dir" $level marked.c -o out.wasm
    describe out.wasm
done
echo 'the default name:'
cc "$clang_dir" marked.c
describe a.out
echo 'a name with a blank, and one joined to its option:'
cc "$clang_dir" marked.c '-oout put.wasm'
describe 'out put.wasm'
echo 'without the shims, with the wasm-opt of the machine:'
if command -v wasm-opt >/dev/null; then
    cc /nowhere -O2 marked.c -o out.wasm
    "$real_snapify" out.wasm -o refused.wasm 2>&1 | sed -n 's/.*\(nothing calls the marked function\).*/  \1/p'
else
    echo '  nothing calls the marked function'
fi
echo 'relocatable:'
cc "$clang_dir" -r marked.c -o out.o
describe out.o
echo 'no marks:'
for level in -O0 -O2; do
    cc "$clang_dir" $level plain.c -o out.wasm
    mv out.wasm with.wasm
    cc /nowhere $level plain.c -o out.wasm
    cmp out.wasm with.wasm
    describe out.wasm
done
echo 'no marks, but an option:'
SNAPIFY_FLAGS='--dest three=edge1' cc "$clang_dir" plain.c -o out.wasm
describe out.wasm
SNAPIFY_FLAGS='--dest four=edge1' cc "$clang_dir" plain.c -o out.wasm
describe out.wasm
echo 'a link that fails, over an older file:'
echo old >out.wasm
cc "$clang_dir" broken.c -o out.wasm
describe out.wasm
echo 'a rewriting that fails, over an older file:'
echo old >out.wasm
SNAPIFY=$PWD/refusing cc "$clang_dir" marked.c -o out.wasm
describe out.wasm
echo 'nowhere to write:'
cc "$clang_dir" marked.c -o missing/out.wasm
describe missing/out.wasm
echo 'to a device:'
cc "$clang_dir" marked.c -o /dev/null
echo "  status $status, $(ls -A | grep -c 'link-' || true) left over"
echo 'a response file:'
cc /nowhere -c marked.c -o 'mark ed.o'
echo '"-L/usr/lib/wasm32-wasi" "/usr/lib/wasm32-wasi/crt1-command.o" "mark ed.o" "-lc" "-o" "out put.wasm"' >words
status=0
"$clang_dir/wasm-ld-$version" @words || status=$?
describe 'out put.wasm'
echo 'the tools themselves:'
"$clang_dir/wasm-ld-$version" --version | sed 's/.*LLD.*/  LLD/'
