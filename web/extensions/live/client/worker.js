// The page's Python: one worker, one Pyodide. Messages in: start, run, comm. Messages out: progress,
// ready, done, failed, and whatever kernel.py tells. Files come gzipped and are inflated here, so
// that any static host serves them small.
import first from "./start.py";
import { even, probe } from "./choose.js";
import { unpack } from "./pack.js";
import { PATIENCE } from "./patience.js";
import { OURS, PARTS, SHELF, base, fresh } from "./shelf.js";

const { caches: shelves, Worker: Helper } = self; // kept from the reader's code, which finds none: see shut()
const OLD = "live-engine"; // of all editions, before shelves had the book's path
const MARK = new URL("snapshot", base).href; // the folder's name is the hash of all that is in it
const queue = [];
let handle = null;
self.onmessage = (event) => (handle ? handle(event.data) : queue.push(event.data));

// Pyodide only logs that its WebAssembly could not be had and would wait for ever; here it fails. So does a
// start for which no byte has come for long, of all that it waits for.
let lost;
const broken = new Promise((_, reject) => (lost = reject));
broken.catch(() => {});
let open = 0; // what is waited for
let late;
function stir(more = 0) {
  open += more;
  clearTimeout(late);
  if (open) late = setTimeout(() => lost(new Error(`no answer for ${PATIENCE} ms`)), PATIENCE);
}
function awaited(promise) {
  stir(1);
  return promise.finally(() => stir(-1));
}

const fetched = self.fetch.bind(self);
const net = (input, options) => awaited(fetched(input, options));
// What every way needs is asked for at once, before Python's loader does; a later start finds it inflated.
let came = false; // whether one came over the line
const ahead = new Map(PARTS.map((name) => [name, kept(name).then((part) => part ?? inflated(name))]));
const modules = ["pyodide.mjs", "pyodide.asm.mjs"].map((name) => awaited(import(new URL(name, base))));
for (const promise of [...ahead.values(), ...modules]) promise.catch(() => {}); // told where it is awaited

async function inflated(name) {
  const response = await net(new URL(name + ".gz", base));
  if (!response.ok) throw new Error(`${name}.gz: ${response.status}`);
  came ||= PARTS.includes(name);
  const { readable, writable } = new TransformStream({ transform: (chunk, out) => (stir(), saw(chunk.length), out.enqueue(chunk)) });
  awaited(response.body.pipeTo(writable)).catch(() => {}); // told where it is read
  return fresh(name, readable);
}

// What an earlier start has kept of a name; undefined where there is nothing, or no store at all.
async function kept(name) {
  try {
    return await awaited(shelves.open(SHELF).then((shelf) => shelf.match(new URL(name, base))));
  } catch {}
}

// Keep what came, after the first runs, whose time it would take.
const REST = 3000; // ms
function keep() {
  if (!came || !shelves) return;
  const helper = new Helper(new URL("keep.js", base), { type: "module" });
  helper.onerror = (event) => event.preventDefault(); // else it would be taken for Python's
}

// A start that failed must not fail again for what was kept.
async function forget() {
  try {
    const shelf = await shelves.open(SHELF);
    await Promise.all(PARTS.map((name) => shelf.delete(new URL(name, base))));
  } catch {}
}

// What the line has brought since its first bytes: that they came late is not its rate. After ENOUGH it is known.
const ENOUGH = 1.5e6; // bytes
const brought = { bytes: 0 };
const known = new Promise((resolve) => (brought.enough = resolve));
function saw(length) {
  if (brought.since === undefined) brought.since = performance.now();
  else brought.bytes += length;
  if (brought.bytes > ENOUGH) brought.enough();
}

self.fetch = (input, options) => {
  const name = String(input.url ?? input).split("/").pop();
  const response = ahead.get(name);
  ahead.delete(name);
  return response ?? (PARTS.includes(name) || name === "snapshot.bin" ? inflated(name) : net(input, options));
};

// The interpreter is compiled while its memory is read; its loader, which asks later, gets what there is.
const compiled = WebAssembly.compileStreaming(ahead.get("pyodide.asm.wasm"));
compiled.catch(lost);
ahead.set("pyodide.asm.wasm", Promise.resolve(new Response()));
let room = 0; // bytes of the snapshot that Python goes on from: its memory begins with 30 MB, which may be less
WebAssembly.instantiateStreaming = async (_response, imports) => {
  const module = await compiled;
  const instance = await WebAssembly.instantiate(module, imports);
  const { memory } = instance.exports;
  memory.grow(Math.max(0, Math.ceil((room - memory.buffer.byteLength) / 65536)));
  return { module, instance };
};

// When each part was done, in ms of the wall clock, for the benchmark's profile.
const times = {};
const mark = (name) => (times[name] = performance.timeOrigin + performance.now());
mark("worker started");

const say = (message, transfer = []) => self.postMessage(message, transfer);

// The shipped snapshot's bytes. Response.arrayBuffer() would leave a second copy, 36 MB, to the collector.
async function read({ body }) {
  let bytes = new Uint8Array(3 << 24);
  let length = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (length + value.length > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(value, length);
    length += value.length;
  }
}

// A snapshot as it is kept: a third of its pages are empty and left out, and a start reads the others to their places.
const PAGE = 65536; // bytes
function pressed(bytes) {
  const full = [];
  for (let start = 0; start < bytes.length; start += PAGE) {
    const length = Math.min(PAGE, bytes.length - start);
    if (new Uint32Array(bytes.buffer, bytes.byteOffset + start, length / 4).some(Boolean)) full.push(start / PAGE);
  }
  let next = 0; // a stream of copies: as views of the one buffer, or in a Blob, they leave 50 MB and more in the page
  const page = (number) => bytes.slice(number * PAGE, (number + 1) * PAGE);
  const pull = (out) => (next < full.length ? out.enqueue(page(full[next++])) : out.close());
  return new Response(new ReadableStream({ pull }), { headers: { length: bytes.length, full: full.join() } });
}

async function spread({ body, headers }) {
  const bytes = new Uint8Array(Number(headers.get("length")));
  const full = headers.get("full").split(",");
  let at = 0; // in the body
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes;
    for (let from = 0; from < value.length; ) {
      const within = at % PAGE;
      const part = value.subarray(from, from + PAGE - within);
      bytes.set(part, full[(at - within) / PAGE] * PAGE + within);
      at += part.length;
      from += part.length;
    }
  }
}

async function stored() {
  try {
    const hit = await kept("snapshot");
    return hit ? await spread(hit) : null;
  } catch {
    return null;
  }
}

// A snapshot of an earlier engine is of no use to this one.
async function clearOld() {
  if (!(await shelves.has(OLD))) return;
  const shelf = await shelves.open(OLD);
  for (const { url } of await shelf.keys()) if (url.startsWith(OURS)) await shelf.delete(url);
  if (!(await shelf.keys()).length) await shelves.delete(OLD);
}

async function store(bytes) {
  try {
    const shelf = await shelves.open(SHELF);
    for (const key of await shelf.keys()) if (!key.url.startsWith(base.href)) await shelf.delete(key);
    await shelf.put(MARK, pressed(bytes));
    await clearOld();
  } catch (error) {
    say({ type: "log", text: `snapshot not kept: ${error}` });
  }
  release(bytes);
}

// Give 36 MB back at once; a small page may not collect its garbage for minutes.
const release = (bytes) => void (bytes.buffer ?? bytes).transfer?.(0);

// Whether the shipped snapshot is sooner than the archive, by what the line has brought so far and by how fast
// the device is. What came from a cache tells nothing of the line, and Python's loader, which is here, from where it came.
async function sooner(app) {
  const speed = probe();
  await Promise.all([modules[0], Promise.race([known, app])]);
  const [entry] = performance.getEntriesByName(new URL("pyodide.mjs", base).href);
  const seen = entry?.transferSize > entry?.encodedBodySize && !entry.workerStart ? (brought.bytes * 8e3) / (performance.now() - brought.since) : 0;
  judged = { seen, even: even(SNAPSHOT, speed), probe: speed };
  return seen > judged.even;
}
let judged = null; // for the benchmark

// The ways to a snapshot: the one that this browser made before, else the shipped one.
async function snapshotBytes(ways, app) {
  const own = ways.includes("own") && (await stored());
  if (own) return { bytes: own, way: "own snapshot" };
  if (!ways.includes("shipped") && !(ways.includes("shipped if sooner") && (await sooner(app)))) return null;
  try {
    const response = await self.fetch(new URL("snapshot.bin", base));
    return { bytes: await read(response), way: "shipped snapshot" };
  } catch {
    return null; // not there, or cut on its way
  }
}

async function boot({ ways }) {
  const options = { indexURL: base.href, packageBaseUrl: base.href };
  const app = self.fetch("app.pack").then((response) => response.arrayBuffer());
  const [{ loadPyodide }, snapshot] = await Promise.all([modules[0], snapshotBytes(ways, app)]);
  if (snapshot) {
    try {
      room = snapshot.bytes.length;
      const pyodide = await loadPyodide({ ...options, _loadSnapshot: snapshot.bytes });
      mark("snapshot loaded");
      unpack(pyodide, await app);
      mark("archive unpacked");
      const kernel = pyodide.pyimport("live_kernel");
      kernel.reseed();
      if (pyodide._api?.config) pyodide._api.config._loadSnapshot = null; // 36 MB that it would keep
      snapshot.way === "shipped snapshot" ? store(snapshot.bytes) : release(snapshot.bytes);
      return { pyodide, kernel, way: snapshot.way };
    } catch (error) {
      say({ type: "log", text: `${snapshot.way} not used: ${error}` });
      await shelves.open(SHELF).then((shelf) => shelf.delete(MARK)).catch(() => {});
    }
  }
  room = 0;
  const own = ways.includes("own");
  const pyodide = await loadPyodide({ ...options, _makeSnapshot: own });
  mark("interpreter loaded");
  unpack(pyodide, await app);
  mark("archive unpacked");
  pyodide.runPython(first);
  mark("imports done");
  const kernel = pyodide.pyimport("live_kernel");
  if (own) {
    try {
      store(pyodide.makeMemorySnapshot());
    } catch (error) {
      say({ type: "log", text: `no snapshot: ${error}` });
    }
  }
  return { pyodide, kernel, way: "archive" };
}

// What a reader's code has no business with: the site's stores, its other pages, more workers.
const doors = ["caches", "indexedDB", "cookieStore", "BroadcastChannel", "SharedWorker", "Worker", "webkitRequestFileSystem",
  "webkitRequestFileSystemSync", "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL"];
const stores = ["storage", "storageBuckets", "locks", "serviceWorker"]; // of the navigator

function shut() {
  for (const name of doors) {
    for (const holder of [self, Object.getPrototypeOf(self), WorkerGlobalScope.prototype]) {
      delete holder[name];
    }
    Object.defineProperty(self, name, { value: undefined, writable: false, configurable: false });
  }
  for (const name of stores) delete WorkerNavigator.prototype[name];
}

function serve({ pyodide, kernel, way }) {
  kernel.base = base.href;
  kernel.post = (text, buffers) => {
    const copies = [...buffers].map((bytes) => bytes.slice().buffer);
    say({ type: "kernel", text, buffers: copies }, copies); // parsed by the page, and only there
  };
  // Cells wait in a line of their own and run one by one, so that a moved slider need not wait for all.
  const line = [];
  const next = new MessageChannel();
  next.port1.onmessage = () => {
    const message = line.shift();
    run(message);
    if (line.length) next.port2.postMessage(null);
  };
  const run = (message) => {
    say({ type: "begin", cell: message.cell, quiet: message.quiet });
    const ok = kernel.run(message.code, message.cell, message.number);
    mark("cells done");
    say({ type: "done", cell: message.cell, ok, run: message.run, at: times["cells done"] });
  };
  handle = (message) => {
    if (message.type === "run") {
      line.push(message);
      if (line.length === 1) next.port2.postMessage(null);
    } else if (message.type === "comm") {
      kernel.receive(message.text, message.buffers.map((b) => new Uint8Array(b)));
    }
  };
  shut();
  say({ type: "ready", way, memory: pyodide._module?.HEAP8?.length ?? 0, times, judged });
  queue.splice(0).forEach(handle);
}

handle = (message) => {
  if (message.type !== "start") return queue.push(message);
  handle = null;
  Promise.race([boot(message), broken]).then(
    (python) => {
      serve(python);
      if (message.ways.length) setTimeout(keep, REST);
    },
    async (error) => {
      await Promise.race([forget(), new Promise((done) => setTimeout(done, 1000))]);
      say({ type: "failed", text: String(error?.stack ?? error?.message ?? JSON.stringify(error)) });
    },
  );
};
queue.splice(0).forEach((message) => (handle ? handle(message) : queue.push(message)));
