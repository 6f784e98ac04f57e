# The tool is stopped while it waits for its input: opening the pipe here succeeds only when it has
# opened the other end. SIGINT is left out, a shell makes its background processes ignore it.
mkfifo input
for signal in TERM HUP; do
    "$SNAPIFY" input -o out.wasm &
    process=$!
    exec 3>input
    kill -$signal $process
    status=0
    # Some shells tell of the signal in their own words.
    wait $process 2>/dev/null || status=$?
    exec 3>&-
    echo "SIG$signal: exit status $status"
done
rm input
list
