# include/kafu.h in C and C++, with the compilers that are there, at every level: the points of
# tests/cli/kafu/NAME.c have to be those of NAME.points. What deviates is printed.
sources=$top/tests/cli/kafu
# A wasm-opt that leaves alone what was linked, as the one of --clang-dir would.
mkdir tools
printf '#!/bin/sh\n' >tools/wasm-opt
chmod +x tools/wasm-opt
LC_ALL=C
export LC_ALL

compilers=
for compiler in clang-16 clang-19; do
    if command -v $compiler >/dev/null && command -v wasm-ld-"${compiler#clang-}" >/dev/null; then
        compilers="$compilers $compiler"
    fi
done
[ -n "$compilers" ] || skip 'neither clang-16 nor clang-19 with its wasm-ld is there'

# compile COMPILER FLAGS SOURCE...: makes out.wasm.
compile() {
    compiler=$1 flags=$2
    shift 2
    # shellcheck disable=SC2086 # the flags are words
    "$compiler" --target=wasm32-wasi --sysroot=/usr -Btools -Wall -Wextra -Werror -I"$top/include" \
        $flags "$@" -o out.wasm
}

# points COMPILER FLAGS NAME SOURCE...: compares kinds and nodes.
points() {
    name=$3
    label="$1 $2: $name"
    compiler=$1 flags=$2
    shift 3
    if ! compile "$compiler" "$flags" "$@" >log 2>&1 ||
        ! "$SNAPIFY" --list-points out.wasm >listed 2>>log; then
        echo "$label:"
        cat log
        return
    fi
    # Loops of the C library that marked functions reach are listed, too; they name what the marks
    # do, or all of it.
    sed -E 's/^.*[^ ] +(entry|return|loop) +/\1 /' listed | grep -v '^loop .*, ' | sort -u >actual
    sort -u "$sources/$name.points" | diff - actual >difference || {
        echo "$label: differs"
        cat difference
    }
}

# refused COMPILER FLAGS SOURCE: the compiler must say so itself.
refused() {
    if compile "$1" "$2" "$3" >log 2>&1; then
        echo "$1 $2: $(basename "$3") compiles"
    elif ! grep -q 'weak declaration cannot have internal linkage' log; then
        echo "$1 $2: $(basename "$3"):"
        cat log
    fi
}

for compiler in $compilers; do
    for level in -O0 -O1 -O2 -O3 '-O2 -flto' '-O2 -Wl,--strip-all' '-O0 -g'; do
        for language in 'c -std=c99 -pedantic' 'c++ -std=c++17 -pedantic'; do
            flags="-x $language $level"
            points "$compiler" "$flags" forms "$sources/forms.c"
        done
        points "$compiler" "-x c $level" nodes "$sources/nodes.c"
        points "$compiler" "-x c $level" shared "$sources/shared.c" "$sources/shared_more.c"
        points "$compiler" "-x c++ $level" shared_c++ "$sources/shared.c" "$sources/shared_more.c"
        points "$compiler" "-x c++ $level" scopes "$sources/scopes.cc"
        [ $compiler = clang-16 ] || points "$compiler" "-x c $level" statics "$sources/statics.c"
    done
    points "$compiler" '-x c++ -O2' nodes "$sources/nodes.c"
    refused "$compiler" '-x c' "$sources/bad_static.c"
    refused "$compiler" '-x c++' "$sources/bad_static.c"
done

# Where there is no wasm, there is no mark.
for compiler in gcc g++ $compilers; do
    command -v "$compiler" >/dev/null || continue
    for file in forms nodes statics bad_static; do
        "$compiler" -Wall -Wextra -Werror -I"$top/include" -fsyntax-only "$sources/$file.c" ||
            echo "$compiler: $file.c does not compile natively"
    done
done
echo 'kafu.h: done'
