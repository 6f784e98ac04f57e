# Found relative to the program, so that an installation can be moved.
mkdir -p prefix/bin
cp "$SNAPIFY" prefix/bin/snapify
show() {
    status=0
    prefix/bin/snapify --clang-dir 2>&1 | sed "s|^$(pwd -P)/||" || status=$?
}
show
mkdir prefix/clang-dir
show
mkdir -p prefix/libexec/snapify/clang
show
mv prefix moved
ln -s ../moved/bin/snapify linked
mkdir bin
ln -s ../moved/bin/snapify bin/snapify
bin/snapify --clang-dir | sed "s|^$(pwd -P)/||"
