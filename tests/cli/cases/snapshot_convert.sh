# Compressed, encrypted, memory out and in again, environment emptied.
cp "$top"/tests/snapshots/0.1.0/*.snap .
same() {
    cmp "$1" "$2" && echo "$1 and $2 are the same"
}
snapshot compact entry.snap -o plain.snap
same plain.snap entry.snap
snapshot compact entry.snap -z 19 -o small.snap
[ $(($(wc -c <small.snap) * 8)) -lt "$(wc -c <entry.snap)" ] && echo 'not an eighth as large'
snapshot compact entry.snap -z 1 --long -o long.snap
"${SNAPIFY}-snapshot" compact small.snap -o - | cmp - entry.snap && echo 'back through a pipe'
snapshot verify small.snap long.snap
zstd -qdc small.snap | cmp - entry.snap
zstd -qc entry.snap >foreign.snap
snapshot verify foreign.snap
rm foreign.snap

echo 'encrypted'
printf '0123456789abcdef0123456789abcdef' >key
printf '%s\n' 3031323334353637383961626364656630313233343536373839616263646566 >key.hex
printf 'X123456789abcdef0123456789abcdef' >other.key
printf 'short' >short.key
snapshot compact entry.snap --encrypt key -z 3 -o secret.snap
snapshot verify secret.snap
snapshot verify secret.snap --key other.key
snapshot verify secret.snap --key short.key
snapshot verify secret.snap --key missing.key
snapshot verify secret.snap --key key
snapshot compact secret.snap --key key.hex -o plain.snap
same plain.snap entry.snap
cp secret.snap altered.snap
printf 'x' | dd of=altered.snap bs=1 seek=300 conv=notrunc 2>/dev/null
snapshot verify altered.snap --key key
head -c -1 secret.snap >altered.snap
snapshot verify altered.snap --key key
grep -c 'MEMP' secret.snap || :

echo 'memory out and in'
snapshot export small.snap --memory memory.bin
wc -c <memory.bin
snapshot import entry.snap --memory memory.bin -o plain.snap
same plain.snap entry.snap
printf 'changed' | dd of=memory.bin bs=1 seek=70000 conv=notrunc 2>/dev/null
snapshot import entry.snap --memory memory.bin -o changed.snap
snapshot diff entry.snap changed.snap
head -c 1000 memory.bin >part.bin
snapshot import entry.snap --memory part.bin -o wrong.snap
snapshot import entry.snap --memory missing.bin -o wrong.snap
cat memory.bin part.bin >more.bin
snapshot import entry.snap --memory more.bin -o wrong.snap

echo 'environment'
snapshot strip-env entry.snap --keep HOME -o stripped.snap
"${SNAPIFY}-snapshot" export stripped.snap --memory - | tr '\0' '\n' |
    grep -aE '^(KAFU|HOME=|SECRET|SNAPIFY)'
snapshot strip-env return.snap -o stripped.snap

cp "$top/tests/cli/snapshots/files.snap" .
snapshot strip-env files.snap --keep LANG -o stripped.snap
snapshot verify stripped.snap
snapshot inspect files.snap | grep -E '^(arguments|environment|clock)' | sed 's/^clock .*/clock/'
snapshot inspect -v stripped.snap | grep -E '^(arguments|environment)'
grep -ac hunter2 files.snap stripped.snap || :

echo 'files that cannot be'
snapshot compact entry.snap -o missing/out.snap
snapshot compact entry.snap -o /dev/full
snapshot compact missing.snap -o out.snap
list
