# The options in the man page are those of --help.
page=$top/docs/snapify.1
"$SNAPIFY" --help | awk -f "$top/docs/options.awk" >options.roff
awk -v options=options.roff '
    /^\.\\" end of the options/ { inside = 0 }
    !inside { print }
    /^\.\\" options/ { inside = 1; while ((getline line < options) > 0) print line }
' "$page" >new.1
if [ "$update" = yes ] && ! cmp -s new.1 "$page"; then
    cp new.1 "$page"
fi
diff "$page" new.1
if command -v man >/dev/null && command -v groff >/dev/null; then
    man --warnings -l "$page" 2>&1 >/dev/null
fi
echo 'the man page has the options of --help'
grep -q "\"$("$SNAPIFY" --version)\"" "$page" && echo 'and its version'
