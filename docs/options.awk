# Turns the options that `snapify --help` prints into the section of the man page that holds them.
function escape(text) {
    gsub(/-/, "\\-", text)
    return text
}
/^Options:/ { inside = 1; next }
/^$/ { inside = 0 }
inside {
    sub(/^ +/, "")
    split_at = match($0, /  +/)
    synopsis = substr($0, 1, split_at - 1)
    help = substr($0, split_at + RLENGTH)
    print ".TP"
    print ".B " escape(synopsis)
    print toupper(substr(help, 1, 1)) escape(substr(help, 2)) "."
}
