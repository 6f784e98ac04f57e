run --version
run -V
run --version in.wasm --list-points
