// node_server.mjs: runs WASI programs on Node, one after the other in one process.
//
// In: a line of JSON for each run: module, args, env, preopens (guest: host), input, output, errors
// (files). Out: a line {status, message}; a trap has status 1 and its text as message. Starting Node
// takes twenty times as long as running a small module.
import fs from 'node:fs';
import readline from 'node:readline';
import { WASI } from 'node:wasi';

let last = { path: null, mtime: 0, module: null };

function compile(path) {
  const mtime = fs.statSync(path).mtimeMs;
  if (last.path !== path || last.mtime !== mtime) {
    last = { path, mtime, module: new WebAssembly.Module(fs.readFileSync(path)) };
  }
  return last.module;
}

function run({ module, args, env, preopens, input, output, errors }) {
  const files = [fs.openSync(input, 'r'), fs.openSync(output, 'w'), fs.openSync(errors, 'w')];
  const [stdin, stdout, stderr] = files;
  try {
    const wasi = new WASI({ version: 'preview1', args, env, preopens, stdin, stdout, stderr, returnOnExit: true });
    const imports = { wasi_snapshot_preview1: wasi.wasiImport };
    return { status: wasi.start(new WebAssembly.Instance(compile(module), imports)) & 255, message: '' };
  } catch (error) {
    return { status: 1, message: `${error.name}: ${error.message}` };
  } finally {
    files.forEach((file) => fs.closeSync(file));
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(run(JSON.parse(line)))}\n`);
}
