// The book's service worker. It keeps every page that a reader has visited, with what the page needs,
// and the whole book where the reader asks for it. BOOK stands above, written by the build:
//   version   hash of all files          pages  {name: title}
//   files     {name: [sha256, bytes]}    needs  {page's name: numbers of files, in their order}
// A file is kept only where it is the very one that this build lists, so that what is read without a
// network is of one build, and nothing else is ever kept: no error page, no page of a hotel's network.
const scope = new URL(self.registration.scope);
const names = Object.keys(BOOK.files);
const OURS = `kefu-book ${scope.pathname} `; // other stores of the site are not ours
const SHELF = OURS + BOOK.version;
const WHOLE = new URL("?whole", scope).href; // marks a shelf whose reader asked for the whole book
const BEFORE = new URL("?before", scope).href; // what stood when this build took over: shelves, and pages by their clients' ids
const APART = /^(lite|downloads)\//; // JupyterLite has a worker of its own; PDF and EPUB are files already
const FIXED = /\?|^_static\/live\//; // a name that changes with its contents
const PATIENCE = 4000; // ms that a kept page waits for a slow network

const address = (name) => new URL(name, scope).href;
const kept = (name) => caches.match(address(name), { cacheName: SHELF });
const fromShelf = new Set(); // pages that came from the shelf: what they ask for comes from it too

// Return the path below the book of an address, with its question; undefined where it is not the book's.
function below(url) {
  const { origin, pathname, search } = new URL(url);
  return origin === scope.origin && pathname.startsWith(scope.pathname) ? pathname.slice(scope.pathname.length) + search : undefined;
}

// Return the book's file at such a path; hosts leave index.html or .html away.
function file(path) {
  if (path === undefined) return undefined;
  const plain = path.split("?")[0];
  return [path, plain, `${plain}index.html`, `${plain}/index.html`, `${plain}.html`].find((name) => Object.hasOwn(BOOK.files, name));
}

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keep a response as a file of this build; false where it is something else.
async function put(name, response) {
  if (response.status !== 200 || self.serviceWorker?.state === "redundant") return false;
  const bytes = await response.arrayBuffer();
  if ((await hash(bytes)) !== BOOK.files[name][0]) return false;
  const type = response.headers.get("Content-Type") ?? "";
  await (await caches.open(SHELF)).put(address(name), new Response(bytes, { headers: { "Content-Type": type } }));
  return true;
}

// Fetch and keep a file; an older one may still stand in the browser's own cache.
async function keep(name) {
  if (await kept(name)) return;
  for (const cache of ["default", "reload"]) if (await put(name, await fetch(address(name), { cache }))) return;
  throw new Error(`not of this build: ${name}`);
}

const page = (name) => [name, ...BOOK.needs[name].map((number) => names[number])];

// A new build: before it takes over, everything that the reader has is there in the new edition. A page tells it when.
async function succeed() {
  const wanted = new Set();
  for (const key of await earlier()) {
    const shelf = await caches.open(key);
    for (const request of await shelf.keys()) {
      if (request.url === WHOLE) {
        names.forEach((name) => wanted.add(name));
        await (await caches.open(SHELF)).put(WHOLE, new Response());
        continue;
      }
      const path = below(request.url).split("?")[0];
      const name = names.find((name) => name.split("?")[0] === path);
      if (!name) continue;
      wanted.add(name);
      if (BOOK.needs[name]) page(name).forEach((need) => wanted.add(need));
      await put(name, await shelf.match(request)); // what has not changed does not travel again
    }
  }
  for (const name of wanted) await keep(name);
}

const earlier = async () => (await caches.keys()).filter((key) => key.startsWith(OURS) && key !== SHELF);
const clear = async (keys) => void (await Promise.all(keys.map((key) => caches.delete(key))));

// A page that is open while a new build takes over may be of an earlier one, and still need its files: earlier
// shelves stand as long as such a page does and has not said that all it names is of this build.
const living = async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).map(({ id }) => id);
const note = async (before) => (await caches.open(SHELF)).put(BEFORE, new Response(JSON.stringify(before)));

const current = new Set(); // pages that have said so, be it before this build has taken over

async function tidy() {
  const before = await (await caches.match(BEFORE, { cacheName: SHELF }))?.json();
  if (!before) return;
  const open = await living();
  const pages = before.pages.filter((id) => !current.has(id) && open.includes(id));
  if (pages.length) return note({ ...before, pages });
  await clear(before.shelves);
  await (await caches.open(SHELF)).delete(BEFORE);
}

async function takeOver() {
  const shelves = await earlier();
  if (shelves.length) await note({ shelves, pages: await living() });
  await tidy();
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(succeed()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("Range")) return;
  const path = below(request.url);
  const opens = request.mode === "navigate";
  const name = file(opens ? path?.split("?")[0] : path);
  if (path === undefined) return;
  if (name || (opens && !APART.test(path))) event.respondWith(answer(event, name, opens));
  else if (!opens && !APART.test(path) && !folders.has(folder(path))) event.respondWith(older(request));
});

const folder = (path) => path.split("?")[0].replace(/[^/]*$/, "");
const folders = new Set(names.map(folder));

// A file in a folder that this build has not, such as an earlier build's engine: its page may still be open.
async function older(request) {
  for (const cacheName of await earlier()) {
    const hit = await caches.match(request, { cacheName, ignoreSearch: true });
    if (hit) return hit;
  }
  return fetch(request);
}

async function answer(event, name, opens) {
  const { request } = event;
  const own = name && (await kept(name));
  if (own && (FIXED.test(name) || fromShelf.has(event.clientId))) return own;
  try {
    const asked = fetch(opens ? new Request(request, { cache: "no-cache" }) : request);
    const response = await (own && opens ? soon(asked) : asked);
    if (own && response.status >= 500) throw new Error(`status ${response.status}`);
    if (name && !own) event.waitUntil(put(name, response.clone()).catch(() => {}));
    return response;
  } catch (error) {
    if (own && opens) fromShelf.add(event.resultingClientId);
    if (own) return own;
    if (opens) return missing();
    throw error;
  }
}

const soon = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, PATIENCE))]);

// What stands in the place of a page that is not here: what to do, and which pages can be read.
async function missing() {
  const { words } = BOOK;
  const text = (given) => given.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const link = (href, title) => `<a href="${text(href)}">${text(title)}</a>`;
  const here = [];
  for (const [name, title] of Object.entries(BOOK.pages)) if (await kept(name)) here.push(`<li>${link(address(name), title)}</li>`);
  const list = here.length ? `<h2>${text(words.here)}</h2><ul>${here.join("")}</ul>` : "";
  const html = `<!doctype html><html lang="${text(BOOK.language)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(words.absent)}</title><style>${BOOK.style}</style>
<main><h1>${text(words.absent)}</h1><p>${text(words.why)}</p><p>${link("", words.again)}</p>${list}</main></html>`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy } });
}

// What a page of the book may ask; see static/offline.js.
const asks = {
  here: async ({ named }, page) => {
    if (page && named.every((url) => file(below(url)))) current.add(page.id);
    await tidy();
  },
  visit: async ({ url }) => {
    const name = file(below(url)?.split("?")[0]);
    if (BOOK.needs[name]) for (const need of page(name)) await keep(need);
  },
  keep: ({ name }) => keep(name),
  state: async () => {
    const keys = (await caches.has(SHELF)) ? await (await caches.open(SHELF)).keys() : [];
    const here = new Set(keys.map((request) => request.url));
    const absent = names.filter((name) => !here.has(address(name)));
    const bytes = (list) => list.reduce((sum, name) => sum + BOOK.files[name][1], 0);
    return { absent: absent.map((name) => [name, BOOK.files[name][1]]), left: bytes(absent), all: bytes(names), whole: here.has(WHOLE) };
  },
  whole: async () => void (await (await caches.open(SHELF)).put(WHOLE, new Response())),
  turn: () => self.skipWaiting(),
  erase: async () => clear([SHELF, ...(await earlier())]),
};
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  const done = asks[event.data.ask](event.data, event.source);
  event.waitUntil(done.then((value) => port.postMessage({ value }), (error) => port.postMessage({ error: error.name })));
});
