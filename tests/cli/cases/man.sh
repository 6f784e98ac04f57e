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

# What the glue asks for, what the man page and README say of it: the same variables.
{
    grep -rhoE '(setting|setting_is|milliseconds)\("[A-Z_]+"' "$top/runtime-glue" | grep -oE '[A-Z_]{5,}' |
        sort -u >asked
    sed -nE 's/^\.BI ((SNAPIFY|KAFU)_[A-Z_]+)= .*/\1/p' "$page" | sort >in-page
    sed -nE 's/^\| `((SNAPIFY|KAFU)_[A-Z_]+)` .*/\1/p' "$top/README.md" | sort >in-readme
}
[ "$(wc -l <asked)" -ge 12 ] || echo 'the sources ask otherwise than this test looks'
diff asked in-page && echo 'and all variables of rewritten programs'
diff asked in-readme && echo 'as README has'
