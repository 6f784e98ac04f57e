# What the glue adds to a module, code and data: no more than is documented
# (docs/how-it-is-fast.md, "The glue's size"), and a little for other versions of clang.
wasi() { # NAME PARAMETERS: an import
    echo "(import \"wasi_snapshot_preview1\" \"$1\" (func (param $2) (result i32)))"
}
program() { # IMPORTS
    cat <<WAT
(module
  $1
  (memory (export "memory") 1)
  (func \$work (export "work") (param \$n i32) (result i32)
    (loop \$again
      (br_if \$again (local.tee \$n (i32.sub (local.get \$n) (i32.const 1)))))
    (memory.grow (i32.const 1)))
  (func (export "_start") (drop (call \$work (i32.const 9)))))
WAT
}
measure() { # WHAT MOST OPTIONS: bytes of functions of ours, and of data behind the program's memory
    run in.wasm -q -g "$3" ${4-} -o out.wasm
    code=$(wasm-objdump -x -j Code out.wasm | sed -n 's/.* size=\([0-9]*\) <snapify_.*/+ \1/p')
    data=$(wasm-objdump -x -j Data out.wasm | sed -n 's/.* size=\([0-9]*\) - init i32=.*/+ \1/p')
    sum=$((0 $code $data))
    [ "$sum" -gt $(($2 / 2)) ] || echo "$1: only $sum bytes were found"
    [ "$sum" -le "$2" ] && echo "$1: at most $2 bytes" || echo "$1: $sum bytes"
}

files="$(wasi args_get 'i32 i32') $(wasi args_sizes_get 'i32 i32') $(wasi fd_close i32)
    $(wasi fd_fdstat_get 'i32 i32') $(wasi fd_fdstat_set_flags 'i32 i32')
    $(wasi fd_prestat_get 'i32 i32') $(wasi fd_prestat_dir_name 'i32 i32 i32')
    $(wasi fd_read 'i32 i32 i32 i32') $(wasi fd_seek 'i32 i64 i32 i32')
    $(wasi fd_write 'i32 i32 i32 i32')
    $(wasi path_open 'i32 i32 i32 i32 i32 i64 i64 i32 i32')"
all="$files $(wasi environ_get 'i32 i32') $(wasi environ_sizes_get 'i32 i32')
    $(wasi clock_time_get 'i32 i64 i32') $(wasi fd_readdir 'i32 i32 i32 i64 i32')
    $(wasi path_rename 'i32 i32 i32 i32 i32 i32') $(wasi poll_oneoff 'i32 i32 i32 i32')"
program '' | assemble in.wasm
measure 'marks only' 17000 --dest work=edge1
measure 'always' 18000 --policy=always
program "$files" | assemble in.wasm
measure 'always, files and arguments' 25000 --policy=always
program "$all" | assemble in.wasm
measure 'always, nearly everything' 28000 --policy=always
