# The report for browsers: whole, and nothing in it comes from elsewhere or from a name.
cp "$top/tests/snapshots/0.1.0/"*.snap .
tool=${SNAPIFY}-snapshot
snapshot inspect --html --json entry.snap
"$tool" inspect --html return.snap --base entry.snap >report.html
grep -cE 'src=|href=|https?:|@import|url\(' report.html || :
grep -o '<title>.*' report.html
grep -o '<p id="legend">.*' report.html
grep -o 'runs = .*' report.html
cp entry.snap '<script>alert(1)<!--&.snap'
"$tool" inspect --html '<script>alert(1)<!--&.snap' | grep -E '<title>|<h1>'
