tiny >in.wasm
echo 'not wasm' >bad.wasm
run --json in.wasm -o out.wasm
run --json in.wasm --list-points --dest f=edge1 --allow-uncalled
run --json bad.wasm -o out2.wasm
run --json missing.wasm -o out2.wasm
run --json in.wasm -o missing/out.wasm
run --json "$(printf 'odd "name\\\n\377\303\274')" -o out2.wasm

echo 'the module on standard output, JSON on standard error'
"$SNAPIFY" --json in.wasm -o - 2>report.json | cmp - out.wasm
head -n 3 report.json

if command -v jq >/dev/null; then
    for arguments in 'in.wasm -o out.wasm -v' 'bad.wasm -o out2.wasm' 'missing.wasm -o out2.wasm'; do
        "$SNAPIFY" --json $arguments >report.json || :
        jq -e '
            .schema == 1 and (.snapify | type == "string")
            and (.result | IN("done", "refused", "usage", "bug"))
            and (.status | IN(0, 1, 2, 3))
            and (.input | type == "string")
            and (.output | type | IN("string", "null"))
            and (.input_size, .output_size | type | IN("number", "null"))
            and (.points | all(.[]; (.function | type == "string")
                and (.kind | IN("entry", "return", "loop"))
                and (.nodes | all(.[]; type == "string"))))
            and (.messages | all(.[]; (.severity | IN("note", "warning", "error"))
                and (.file | type == "string") and (.text | type == "string")
                and (.function, .hint | type | IN("string", "null"))
                and (.offset | type | IN("number", "null"))))
            and ((.nanoseconds // {}) | all(.[]; type == "number"))' report.json >verdict ||
            { echo "jq: $arguments: not as the schema says"; cat report.json; }
    done
    rm verdict
fi
rm report.json
list
