# Two snapshots, the difference between them, and back.
cp "$top"/tests/snapshots/0.1.0/*.snap .
snapshot diff entry.snap return.snap
snapshot diff entry.snap entry.snap
snapshot diff -q entry.snap return.snap
snapshot diff --json entry.snap return.snap
cp "$top/README.md" .
snapshot diff entry.snap README.md
rm README.md

echo 'a delta and back'
snapshot delta entry.snap return.snap -o return.delta
[ $(($(wc -c <return.delta) * 2)) -lt "$(wc -c <return.snap)" ] && echo 'not half as large'
snapshot apply entry.snap return.delta -o again.snap
cmp again.snap return.snap && echo 'the same bytes'

echo 'a chain of two, the second back to the start'
snapshot delta return.snap entry.snap -o entry.delta
snapshot apply entry.snap return.delta entry.delta -o again.snap
cmp again.snap entry.snap && echo 'the same bytes'

echo 'a delta without differences'
snapshot delta entry.snap entry.snap -o same.delta
snapshot apply entry.snap same.delta -o again.snap
cmp again.snap entry.snap && echo 'the same bytes'

echo 'what cannot be'
snapshot inspect return.delta | sed -n 1,6p
snapshot apply return.snap return.delta -o again.snap
cmp again.snap return.snap && echo 'return.snap has all the pages, too'
dd if=/dev/zero of=zeros.bin bs=65536 count=2 2>/dev/null
snapshot import entry.snap --memory zeros.bin -o zeros.snap
snapshot apply zeros.snap return.delta -o wrong.snap
snapshot apply return.delta return.delta -o wrong.snap
snapshot diff entry.snap return.delta
snapshot delta entry.snap return.delta -o wrong.delta
snapshot delta return.delta entry.snap -o wrong.delta
snapshot compact return.delta -o wrong.snap
snapshot export return.delta --memory wrong.bin
snapshot delta entry.snap - -o wrong.delta <return.snap
list
