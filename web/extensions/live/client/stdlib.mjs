// Compile the modules of the standard library that a page imports when it starts, to .pyc beside
// their sources: node stdlib.mjs PYODIDE.MJS FOLDER PACK START.PY (FOLDER: the unpacked library)
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { unpack } from "./pack.js";

const [module, folder, pack, first] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(module)));
const pyodide = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONNODEBUGRANGES: "1" } });
const bytes = readFileSync(pack);
unpack(pyodide, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
pyodide.runPython(readFileSync(first, "utf8"));
pyodide.FS.mkdir("/staging");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: resolve(folder) }, "/staging");
pyodide.runPython(`
import py_compile, sys
home = "/lib/python314.zip/"
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None) or ""
    if file.startswith(home) and file.endswith(".py"):
        name = file.removeprefix(home)
        py_compile.compile(f"/staging/{name}", f"/staging/{name}c", file, doraise=True,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(0);
