# What make install puts somewhere works there: the tool with its shims, the manual, the completion,
# the library by way of pkg-config; and uninstall takes it away again.
case $SNAPIFY in
"$top"/build/bin/snapify) ;;
*) skip 'only the default build is installed here' ;;
esac
make_quietly() {
    env -u MAKEFLAGS -u MAKELEVEL -u CC -u CFLAGS -u SANITIZE -u BINARYEN_DIR make -s -C "$top" PREFIX=/usr DESTDIR="$PWD/stage" "$@" >make.log 2>&1 ||
        { cat make.log && exit 1; }
}
make_quietly install
(cd stage/usr && find bin include lib share -type f | LC_ALL=C sort)
stage/usr/bin/snapify --version
[ -x "$(stage/usr/bin/snapify --clang-dir)/wasm-ld" ] && echo 'shims: there'
grep '^[.]SH "EXIT' stage/usr/share/man/man1/snapify.1

cat >use.c <<'C'
#include <snapify.h>
#include <stdio.h>

int main(void) {
    struct snapify_options options = {0};
    struct snapify_result result;
    int status = snapify_rewrite((const uint8_t *)"x", 1, &options, &result);
    printf("%d: %s\n", status, result.diagnostics[0].text);
    snapify_result_release(&result);
    return 0;
}
C
flags=$(PKG_CONFIG_SYSROOT_DIR=$PWD/stage PKG_CONFIG_PATH=$PWD/stage/usr/lib/pkgconfig \
    pkg-config --cflags --libs snapify 2>/dev/null) || skip 'pkg-config is missing'
# Paths of the system are left out by pkg-config, those of a stage are none.
# shellcheck disable=SC2086 # the flags are words
gcc use.c -Istage/usr/include -Lstage/usr/lib $flags -o use && ./use

bash -c '. stage/usr/share/bash-completion/completions/snapify
COMP_WORDS=(stage/usr/bin/snapify --expl) COMP_CWORD=1; _snapify; echo "${COMPREPLY[@]}"
COMP_WORDS=(snapify --color = al) COMP_CWORD=3; _snapify; echo "${COMPREPLY[@]}"
COMP_WORDS=(snapify --policy a) COMP_CWORD=2; _snapify; echo "${COMPREPLY[@]}"' 2>/dev/null
make_quietly uninstall
find stage -type f
