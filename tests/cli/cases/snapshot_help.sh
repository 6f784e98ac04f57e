# The help of each command, and what is no command line.
snapshot --help
for command in inspect verify diff delta apply compact store fetch gc export import strip-env; do
    snapshot "$command" --help
done
"${SNAPIFY}-snapshot" --help | awk 'length > 79 { print "longer than 79: " $0 }'
[ "$("${SNAPIFY}-snapshot" --version)" = "snapify-snapshot $("$SNAPIFY" --version | cut -d' ' -f2)" ] &&
    echo 'both tools have one version'
snapshot
snapshot nothing
snapshot inspect
snapshot inspect a b
snapshot inspect --memory x a
snapshot inspect --nonsense a
snapshot verify ''
snapshot compact a
snapshot compact a -o
snapshot compact a -o b -z 23
snapshot compact a -o b --long
snapshot export a
snapshot delta a -o b
snapshot gc a

page=$top/docs/snapify-snapshot.1
for command in '' inspect verify diff delta apply compact store fetch gc export import strip-env; do
    "${SNAPIFY}-snapshot" $command --help
done | grep -oE '^  [a-z][a-z-]+|--[a-z-]+' | sort -u | sed 's/^ *//; s/-/\\-/g' >words
while read -r word; do
    grep -qF -e "$word" "$page" || echo "not in the man page: $word"
done <words
if command -v man >/dev/null && command -v groff >/dev/null; then
    man --warnings -l "$page" 2>&1 >/dev/null
fi
grep -q "\"snapify $("$SNAPIFY" --version | cut -d' ' -f2)\"" "$page" && echo 'the man page has its version'
