// The first script of a page with live cells, which stands in the page itself: it starts Python's worker while
// the rest of the page is still read. Its element names the engine's folder.
import { PATIENCE } from "./patience.js";

const { engine, calm: reading } = document.currentScript.dataset;
const base = new URL(engine, document.baseURI);

export const able = typeof WebAssembly === "object" && typeof Worker === "function" && typeof DecompressionStream === "function";

// Which snapshots to try: `?live=archive`, `?live=own` or `?live=shipped` chooses for a test; else the
// reader's own always, and the shipped one where the worker finds it sooner than the archive: see choose.js.
function ways() {
  const asked = new URLSearchParams(location.search).get("live");
  if (asked) return asked === "archive" ? [] : [asked];
  return navigator.connection?.saveData ? ["own"] : ["own", "shipped if sooner"];
}

// A worker from a blob lives under the page's own Content-Security-Policy, so that no code that a
// reader runs can reach another host. It imports its script when it already runs: what a worker is made
// from goes past a service worker in Firefox, and the script would not come without a network.
export function launch() {
  const code = `const early = [];
    self.onmessage = (event) => early.push(event);
    const fail = (why) => self.postMessage({ type: "failed", text: String(why) }); // no error: a page may be left
    const late = setTimeout(() => fail("worker.js: no answer"), ${PATIENCE});
    import(${JSON.stringify(new URL("worker.js", base).href)}).then(() => {
      clearTimeout(late);
      early.forEach((event) => self.onmessage(event));
    }, fail);`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const launched = { worker, said: [], failed: "" };
  worker.onmessage = ({ data }) => launched.said.push(data);
  worker.onerror = (event) => (launched.failed = event.message || "worker");
  worker.postMessage({ type: "start", ways: ways() });
  return launched;
}

// A page that is for reading first has no worker before it is shown.
export const calm = reading !== undefined;

// Python is 6 MB and seconds of work: a reader who saves data, on a slow line, with little memory, or with
// a phone or tablet in hand is asked first, by a touch.
const { connection, deviceMemory } = navigator;
export const asked = Boolean(connection?.saveData || /[23]g/.test(connection?.effectiveType) || deviceMemory <= 2 || matchMedia("(pointer: coarse)").matches);

// What the page itself needs of the engine travels beside what the worker needs.
function begin() {
  for (const part of PAGE_SCRIPTS) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: new URL(part, base) }));
  }
  try {
    return launch();
  } catch {
    return null; // loader.js tries again and tells the reader
  }
}
export const early = able && !asked && !calm ? begin() : null;
