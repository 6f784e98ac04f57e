# What every case can use. What a case prints is compared with tests/cli/expect/.
# shellcheck shell=sh
set -eu

# Runs the tool: prints the command, what it prints, and its exit status.
run() {
    printf '$ snapify'
    [ $# -eq 0 ] || printf ' %s' "$@" | cat -v
    printf '\n'
    status=0
    "$SNAPIFY" "$@" 2>&1 || status=$?
    echo "[exit $status]"
}

# The same for the tool beside it.
snapshot() {
    printf '$ snapify-snapshot'
    [ $# -eq 0 ] || printf ' %s' "$@" | cat -v
    printf '\n'
    status=0
    "${SNAPIFY}-snapshot" "$@" 2>&1 || status=$?
    echo "[exit $status]"
}

# Runs a program on wasmtime, with the directory `snap`, and prints its exit status. OPTIONS... FILE
go() {
    status=0
    "$top/scripts/engine-run" wasmtime --dir snap "$@" || status=$?
    echo "[exit $status]"
}

# What both readers of snapshots say of these files.
agree() {
    "${SNAPIFY}-snapshot" verify "$@" >ours
    python3 "$top/tests/snapshots/read.py" "$@" | cmp - ours && sed 's/fingerprint .*/fingerprint .../' ours
}

# Whatever is made of first.snap, and of second.snap as a delta to it, gives the same bytes again.
come_back() {
    snapshot compact first.snap -q -o compact.snap
    cmp compact.snap first.snap
    snapshot delta first.snap second.snap -q -o second.delta
    agree second.delta
    snapshot apply first.snap second.delta -q -o applied.snap
    cmp applied.snap second.snap
    snapshot store first.snap --store pages -q -o first.recipe
    snapshot fetch first.recipe --store pages -q -o fetched.snap
    cmp fetched.snap first.snap
}

# Lists what is in the directory: nothing may be left over.
list() {
    echo '$ ls -A'
    ls -A "$@"
}

# A module of one function, `f`, with the given bytes (octal, for printf) in place of i32.add.
# The bytes must be exactly one.
tiny() {
    printf '\000asm\001\000\000\000'
    printf '\001\005\001\140\000\001\177'
    printf '\003\002\001\000'
    printf '\007\005\001\001f\000\000'
    printf '\012\011\001\007\000\101\001\101\002'"${1-\\152}"'\013'
}

# Leaves the case, visibly.
skip() {
    echo "$1"
    exit 77
}

# Converts the text module on standard input into the file $1; the rest are options.
assemble() {
    if ! command -v wat2wasm >/dev/null; then
        skip 'wat2wasm is missing (package wabt)'
    fi
    cat >assemble.wat
    wat2wasm assemble.wat -o "$@"
    rm assemble.wat
}
