// Start Python as a page does and keep its memory: node snapshot.mjs PYODIDE.MJS
// STDLIB.ZIP PACK START.PY OUT
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { unpack } from "./pack.js";

const [module, stdlib, pack, first, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(module)));
const pyodide = await loadPyodide({ _makeSnapshot: true, stdLibURL: resolve(stdlib) });
const bytes = readFileSync(pack);
unpack(pyodide, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
pyodide.runPython(readFileSync(first, "utf8"));
writeFileSync(out, pyodide.makeMemorySnapshot());
process.exit(0);
