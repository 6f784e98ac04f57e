run
run in.wasm
run a.wasm b.wasm -o out.wasm
run in.wasm -o
run in.wasm -o ''
run in.wasm --dest
run in.wasm -o out.wasm --nonsense
run in.wasm -o out.wasm -x
run in.wasm -o out.wasm -O7
run in.wasm -o out.wasm --color=sometimes
run in.wasm -o out.wasm --json=yes
run in.wasm -o out.wasm --list-points
run "$(printf 'evil\033[31m\nname')" -o out.wasm --nonsense
run in.wasm -o out.wasm "$(printf -- '--evil\033[31m\nname')"

# What only the library can tell.
tiny >in.wasm
run in.wasm -o out.wasm --dest f --may-offload =node --bake =x
list
