// node_runner.mjs: runs one WASI program on Node.
//
//     node node_runner.mjs [--env N=V]... [--dir HOST::GUEST]... FILE.wasm [ARGS...]
//
// Exit status: the program's own (mod 256); 1 after a trap, its text on standard error.
import fs from 'node:fs';
import { WASI } from 'node:wasi';

const args = process.argv.slice(2);
const env = {};
const preopens = {};
while (args.length > 1 && args[0].startsWith('--')) {
  const [option, value] = args.splice(0, 2);
  const separator = option === '--env' ? '=' : '::';
  const at = value.indexOf(separator);
  const [left, right] = [value.slice(0, at), value.slice(at + separator.length)];
  if (option === '--env') env[left] = right;
  else if (option === '--dir') preopens[right] = left;
  else throw new Error(`unknown option ${option}`);
}
const wasi = new WASI({ version: 'preview1', args, env, preopens });
const module = new WebAssembly.Module(fs.readFileSync(args[0]));
// getImportObject() would say the same, but Node 18 (Debian 12) has none.
const imports = { wasi_snapshot_preview1: wasi.wasiImport };
process.exitCode = wasi.start(new WebAssembly.Instance(module, imports));
