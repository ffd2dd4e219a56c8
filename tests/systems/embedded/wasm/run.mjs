// Runs packed rows from the standard input in a WebAssembly module: node run.mjs MODULE. Exits with 1 if a row failed.
import { readFileSync, writeSync } from "node:fs";

const host = { print: (text, length) => writeSync(1, new Uint8Array(memory.buffer, text, length)) };
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { host });
const { memory, rows, run } = instance.exports;
new Uint8Array(memory.buffer).set(readFileSync(0), rows());
process.exitCode = run() ? 0 : 1;
