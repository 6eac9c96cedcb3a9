// Compile a folder of Python to .pyc beside each source, with the Pyodide that will import them:
// node compile.mjs PYODIDE.MJS FOLDER
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [module, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(module)));
const pyodide = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONNODEBUGRANGES: "1" } });
pyodide.FS.mkdir("/staging");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: resolve(folder) }, "/staging");
const ok = pyodide.runPython(`
import compileall, py_compile
compileall.compile_dir("/staging", quiet=1, legacy=True, optimize=0, stripdir="/staging", prependdir="/app",
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(ok ? 0 : 1);
