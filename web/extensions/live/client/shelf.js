// Where a start leaves, in this browser's Cache Storage, what makes the next one shorter.
export const base = new URL(".", import.meta.url);
export const OURS = new URL("../", base).href; // _static/live/, where each engine has its folder
export const SHELF = `live-engine ${new URL("../../", OURS).pathname}`; // another edition at the same host has its own
export const PARTS = ["pyodide.asm.wasm", "python_stdlib.zip", "app.pack"]; // what every start needs

// A file of the engine from its gzipped bytes.
export function fresh(name, body) {
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}
