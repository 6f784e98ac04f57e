# A store of pages: each page once, recipes that need it, and what happens to damaged ones.
cp "$top"/tests/snapshots/0.1.0/*.snap .
same() {
    cmp "$1" "$2" && echo "$1 and $2 are the same"
}
pages() {
    find "$1" -name '*.zst' | wc -l
}
snapshot store entry.snap --store pages -o entry.recipe -v
snapshot store entry.snap --store pages -o again.recipe -v
snapshot compact return.snap -z 3 -o packed.snap
snapshot store packed.snap --store pages -o return.recipe -v
same entry.recipe again.recipe
snapshot verify entry.recipe return.recipe | sed 's/, fingerprint .*//'
for name in entry return; do
    snapshot fetch $name.recipe --store pages -o $name.back
    same $name.back $name.snap
done
zstd -qdc pages/*/*.zst | wc -c | awk '{ print $1 / 4096 " pages by zstd itself" }'

echo 'two writers'
"${SNAPIFY}-snapshot" store entry.snap --store both -o both.1 & "${SNAPIFY}-snapshot" store return.snap --store both -o both.2
wait
diff -r pages both && echo 'have left the same'

echo 'removing'
printf half >"$(ls pages/*/*.zst | head -n 1).99.tmp"
echo mine >pages/notes
snapshot gc return.recipe missing.recipe --store pages
snapshot gc return.recipe entry.recipe --store pages
snapshot gc return.recipe --store pages
[ "$(cat pages/notes)" = mine ] && ! ls pages/*/*.tmp 2>/dev/null && echo 'nothing but ours was removed'
snapshot fetch return.recipe --store pages -o return.back
same return.back return.snap
snapshot fetch entry.recipe --store pages -o lost.back
snapshot store entry.snap --store pages -o entry.recipe -v

echo 'damaged pages'
page=$(ls both/*/*.zst | head -n 1)
other=$(ls both/*/*.zst | tail -n 1)
cp "$page" whole
spoil() { # WHAT
    echo "$1:"
    snapshot fetch both.2 --store both -o bad.back
    snapshot fetch both.1 --store both -o bad.back
    "${SNAPIFY}-snapshot" store entry.snap --store both -o both.1
    "${SNAPIFY}-snapshot" store return.snap --store both -o both.2
    "${SNAPIFY}-snapshot" fetch both.1 --store both -o bad.back && cmp bad.back entry.snap &&
        cmp "$page" whole && echo 'is mended by storing once more'
    rm -f bad.back
}
: >"$page"
spoil 'an empty file'
head -c 20 whole >"$page"
spoil 'half of one'
cp "$other" "$page"
spoil 'another page'
cat whole whole >"$page"
spoil 'two pages'

echo 'what is no recipe, what is no store'
snapshot fetch entry.recipe --store nowhere -o x
snapshot fetch entry.recipe --store entry.recipe -o x
mkdir other
snapshot gc entry.recipe --store other
snapshot store entry.snap --store both -o small.recipe -z 19
"${SNAPIFY}-snapshot" fetch small.recipe --store both -o - | cmp - entry.snap && echo 'a compressed recipe does'
snapshot fetch entry.snap --store both -o x && same x entry.snap
cp "$top"/tests/fuzz/pair.snap* .
snapshot fetch pair.snap --store both -o x
snapshot store pair.snap --store both -o x
snapshot store both.1 --store both -o x
snapshot store entry.snap -o x
snapshot store entry.snap --store both -o x --encrypt key
snapshot store missing.snap --store both -o x
snapshot apply entry.snap both.1 -o x && same x entry.snap
