# What is shown of a snapshot, and of what is none.
cp "$top"/tests/snapshots/0.1.0/*.snap .
snapshot inspect return.snap
snapshot inspect -v return.snap --base entry.snap
snapshot inspect --json entry.snap
snapshot inspect - <entry.snap | sed 3,99d
snapshot verify entry.snap return.snap
snapshot verify -q entry.snap return.snap
snapshot verify --json entry.snap
echo 'nothing of this is a snapshot'
echo 'not a snapshot' >text.snap
head -c 45000 entry.snap >short.snap
head -c 50 entry.snap >head.snap
: >empty.snap
# One byte: major version, flags, META, a run of the memory, its pages, the frames, END.
change() {
    cp entry.snap "$1.snap"
    printf '%b' "$3" | dd of="$1.snap" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
change version 8 '\002'
change reserved 12 '\001'
change type 40 'X'
change codec 45 '\001'
change length 48 '\377'
change meta 60 '\001'
change run 200 '\377'
change page 5000 '\001'
change frames 45340 '\377'
change end 45559 '\001'
for name in text short head empty version reserved type codec length meta run page frames end; do
    snapshot verify "$name.snap"
done
snapshot verify --json page.snap
snapshot inspect missing.snap
snapshot inspect .
snapshot verify entry.snap page.snap return.snap
echo 'open files'
cp "$top/tests/cli/snapshots/files.snap" .
snapshot inspect files.snap | sed -n '/^open files/,/^memory map/p'
snapshot inspect --json files.snap | sed -n '/"files"/,/]/p'
