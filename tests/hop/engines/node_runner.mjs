// node_runner.mjs: runs one WASI program on Node.
//
//     node node_runner.mjs [--env N=V]... [--dir HOST::GUEST]... [--invoke NAME] FILE.wasm [ARGS...]
//
// With --invoke (values.h says what ARGS are then) Node needs --experimental-wasm-type-reflection: it
// says which parameters are numbers of 64 bits.
//
// Exit status: the program's own (mod 256); 1 after a trap, its text on standard error.
import fs from 'node:fs';
import { WASI } from 'node:wasi';

const args = process.argv.slice(2);
const env = {};
const preopens = {};
let invoke;
while (args.length > 1 && args[0].startsWith('--')) {
  const [option, value] = args.splice(0, 2);
  if (option === '--invoke') {
    invoke = value;
    continue;
  }
  const separator = option === '--env' ? '=' : '::';
  const at = value.indexOf(separator);
  const [left, right] = [value.slice(0, at), value.slice(at + separator.length)];
  if (option === '--env') env[left] = right;
  else if (option === '--dir') preopens[right] = left;
  else throw new Error(`unknown option ${option}`);
}
// Of its own accord Node catches an exit inside of start() only.
const wasi = new WASI({ version: 'preview1', args, env, preopens, returnOnExit: !invoke });
const module = new WebAssembly.Module(fs.readFileSync(args[0]));
// Called from compiled code without a function of JavaScript between them, Node 20's WASI functions
// corrupt the process once the memory is large (nodejs/node issue 53087): with 64 MiB it died at the
// first collection of garbage or at its end, whoever still held the instance. getImportObject() has
// the same functions, and Node 18 (Debian 12) has no getImportObject(). Numbers of 32 bits come signed
// and are addresses and counts, so those beyond 2 GiB need a word here.
const functions = Object.entries(wasi.wasiImport)
  .map(([name, callee]) => [name, 
    (...values) => callee(...values.map((x) => typeof x === 'number' ? x >>> 0 : x))]);
const imports = { wasi_snapshot_preview1: Object.fromEntries(functions) };
const instance = new WebAssembly.Instance(module, imports);

function call(name, values) {
  const callee = instance.exports[name];
  const { parameters } = WebAssembly.Function.type(callee);
  const result = callee(...parameters.map((type, i) =>
    type === 'i64' ? BigInt(values[i]) : Number(values[i])));
  const results = result === undefined ? [] : Array.isArray(result) ? result : [result];
  fs.writeSync(1, results.map((value) => `${value}\n`).join(''));
}

if (invoke === undefined) {
  process.exitCode = wasi.start(instance);
} else {
  wasi.initialize(instance);
  const words = [invoke, ...args.slice(1)];
  while (words.length > 0) {
    const end = words.indexOf('--');
    const [name, ...values] = words.splice(0, end < 0 ? words.length : end);
    words.shift();
    call(name, values);
  }
}
