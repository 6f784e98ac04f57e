# The report in a browser: the script runs, and the cells have the colours of their pages.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    skip 'no browser (package chromium)'
cp "$top/tests/snapshots/0.1.0/"*.snap .
"${SNAPIFY}-snapshot" inspect --html return.snap --base entry.snap >report.html
cat >>report.html <<'EOF'
<script>
const colour = page => {
  const [r, g, b] = paint.getImageData(page % columns * size + 1, 1, 1, 1).data;
  return '#' + [r, g, b].map(value => value.toString(16).padStart(2, '0')).join('');
};
document.title = 'drawn ' + canvas.dataset.drawn + ': ' +
  [0, 1, 2, 4, 6, 12, 30, 31].map(page => page + ' ' + kinds[colors.indexOf(colour(page))]).join(', ');
canvas.dispatchEvent(new MouseEvent('mousemove', {clientX: 0, clientY: 0}));
</script>
EOF
HOME=$PWD "$browser" --headless --no-sandbox --disable-gpu --dump-dom "file://$PWD/report.html" \
    2>browser.log >dom.html || { cat browser.log; exit 1; }
grep -o '<title>[^<]*' dom.html
grep -oE 'id="facts">|frames, [0-9]+ bytes' dom.html
