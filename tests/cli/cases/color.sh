echo 'not wasm' >bad.wasm
show() {
    "$@" 2>&1 | cat -v
}
show "$SNAPIFY" bad.wasm -o out --color=always
show env NO_COLOR=1 "$SNAPIFY" bad.wasm -o out --color always
show "$SNAPIFY" bad.wasm -o out --color=never
show "$SNAPIFY" bad.wasm -o out
# A terminal, if there is a program that makes one.
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    terminal() {
        script -qec "$1" /dev/null </dev/null | tr -d '\r' | cat -v
    }
    colored() {
        if terminal "$1" | grep -q '\^\['; then echo "colored: $2"; else echo "plain: $2"; fi >>colors
    }
    export TERM=xterm
    colored "'$SNAPIFY' bad.wasm -o out" 'a terminal'
    colored "NO_COLOR=1 '$SNAPIFY' bad.wasm -o out" 'NO_COLOR'
    colored "TERM=dumb '$SNAPIFY' bad.wasm -o out" 'TERM=dumb'
    printf 'colored: a terminal\nplain: NO_COLOR\nplain: TERM=dumb\n' | diff - colors
fi
