run --help
"$SNAPIFY" -h >short.txt
"$SNAPIFY" --nonsense --help >/dev/null 2>&1 || echo "an unknown option wins over --help"
"$SNAPIFY" too many operands --help | cmp - short.txt
