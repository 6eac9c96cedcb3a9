// Above a notebook in JupyterLite: the way back to its page of the book, and the way to a new edition.
//
// JupyterLite keeps what is saved in the browser's IndexedDB, under the notebook's path, and from then on
// shows that in place of the file that the site serves. So a notebook that was saved once, be it by
// JupyterLite's own clock, would stay as it is for ever. This runs before JupyterLite does: a saved copy
// of an older edition in which nothing was typed makes way; one that the reader has changed is left to
// the reader, and is moved, never deleted.
const root = new URL("..", location.href);
const OWN = "-我的"; // ends the name of a reader's changed copy of an older edition
const BARE = new RegExp(`${OWN}\\d*(?=\\.ipynb$)`);
const kept = (path) => `kefu-lite-keep:${root.pathname}${path}`; // the edition in whose place a reader keeps an older one

export function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A notebook's edition: CRC-32 of its cells' sources, as web/lite computes it.
export function edition(notebook) {
  const text = notebook.cells.map((cell) => [cell.source].flat().join("")).join("\0");
  let sum = -1;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

// What to do about a saved copy, given the edition that the site serves: nothing, drop it, or ask.
export function verdict(content, served) {
  if (!Array.isArray(content?.cells) || content.metadata?.kefu?.edition === served) return "same";
  const now = edition(content);
  if (now === served) return "same"; // saved before notebooks said their edition
  return content.metadata?.kefu?.edition === now ? "drop" : "ask";
}

// The names under which a changed copy may be kept, the first that is free.
export function ownName(path, taken) {
  for (let number = 1; ; number++) {
    const name = path.replace(/\.ipynb$/, `${OWN}${number > 1 ? number : ""}.ipynb`);
    if (!taken.includes(name)) return name;
  }
}

// JupyterLite's own store; null where there is none yet, or where the browser keeps none.
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
async function open() {
  const request = indexedDB.open(`JupyterLite Storage - ${root.pathname}`);
  request.onupgradeneeded = () => request.transaction.abort(); // nothing was saved yet: JupyterLite makes it
  const base = await asked(request);
  if (base.objectStoreNames.contains("files")) return base;
  base.close();
  return null;
}
async function store() {
  try {
    return await open();
  } catch {
    return null;
  }
}

// Take a saved notebook away from its path; with another name it is kept under that.
function move(base, path, name) {
  return new Promise((resolve, reject) => {
    const change = base.transaction("files", "readwrite");
    change.oncomplete = resolve;
    change.onerror = change.onabort = () => reject(change.error);
    const files = change.objectStore("files");
    if (!name) return files.delete(path);
    files.get(path).onsuccess = ({ target }) => {
      files.put({ ...target.result, name: name.split("/").pop(), path: name }, name);
      files.delete(path);
    };
  });
}

// Ask whether the book's own may take the place of the reader's copy, which is kept under another name.
function ask(name, title, text, answers) {
  const [yes, no] = answers.map((answer) => make("button", { type: "button" }, answer));
  yes.autofocus = true;
  const file = name.split("/").pop();
  const dialog = make("dialog", { className: "kefu-lite-ask" },
    make("h1", { id: "kefu-lite-ask" }, title),
    make("p", {}, `${text}你改的那份一字不动，改名为“${file}”，在最上面一行“我的旧稿”里随时能打开。`),
    make("div", {}, yes, no),
  );
  dialog.setAttribute("aria-labelledby", "kefu-lite-ask");
  document.body.append(dialog);
  return new Promise((resolve) => {
    const answer = (value) => {
      dialog.remove();
      resolve(value);
    };
    yes.onclick = () => answer(true);
    no.onclick = dialog.oncancel = () => answer(false);
    dialog.showModal();
  });
}
const askNew = (name) => ask(name, "这本笔记本出了新版", "你在这个浏览器里改过上一版。打开新版时，", ["打开新版，我改的那份留着", "先用我改的那份"]);
const askOriginal = (name) => ask(name, "换回书上的原样？", "换回以后，", ["换回原样，我改的那份留着", "不换"]);

const remember = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // nothing is kept: the reader is asked again
  }
};
const recall = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

// Settle which copy JupyterLite will show; tell whether it is the reader's, of an older edition.
async function settle(base, path, served) {
  const saved = await asked(base.transaction("files").objectStore("files").get(path));
  const now = saved ? verdict(saved.content, served) : "same";
  if (now === "same") return false;
  const name = now === "ask" && ownName(path, await asked(base.transaction("files").objectStore("files").getAllKeys()));
  if (name && (recall(kept(path)) === String(served) || !(await askNew(name)))) {
    remember(kept(path), served);
    return true;
  }
  await move(base, path, name);
  await fetch(new URL(`files/${path}`, root), { cache: "reload" }); // not the browser's older copy
  return false;
}

// Save what was typed since JupyterLite last did; without the kernel's app, the browser asks about it.
async function save() {
  const context = globalThis.jupyterapp?.shell.currentWidget?.context;
  if (context?.model.dirty) await context.save().catch(console.error);
}

// A way out of the notebook, which the row leads, costs no work.
async function leave(event) {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await save();
  location.href = link.href;
}

// Show the book's own again; a copy in which something was typed is kept under another name.
async function restore(path, served) {
  await save();
  const base = await store();
  const files = base?.transaction("files").objectStore("files");
  const [saved, taken] = files ? await Promise.all([files.get(path), files.getAllKeys()].map(asked)) : [];
  const name = saved && edition(saved.content) !== served && ownName(path, taken);
  const wanted = !name || (await askOriginal(name));
  if (saved && wanted) await move(base, path, name);
  base?.close();
  if (wanted) location.reload();
}

async function main() {
  const path = new URLSearchParams(location.search).get("path") ?? "";
  const served = path.replace(BARE, "");
  const editions = await fetch(new URL("editions.json", root), { cache: "no-cache" })
    .then((answer) => answer.json())
    .catch(() => ({})); // without a network there is no new edition either
  const chapter = editions[served];
  const base = await store();
  const older = base && chapter && path === served ? await settle(base, path, chapter.edition) : false;
  const keys = base ? await asked(base.transaction("files").objectStore("files").getAllKeys()) : [];
  base?.close(); // JupyterLite may want to change it
  const own = keys.filter((key) => BARE.test(key) && key.replace(BARE, "") === served);
  const bar = make("nav", { className: "kefu-lite-bar", ariaLabel: "这本书" },
    make("a", { href: new URL(`../${chapter?.page ?? "index.html"}`, root) }, `← 回到书里${chapter ? `：${chapter.title}` : ""}`),
    make("span", {}, chapter ? "从第一格起，按Shift+Enter一格一格地运行" : ""),
  );
  bar.addEventListener("click", leave);
  if (older) {
    const fresh = make("button", { type: "button", className: "kefu-lite-new" }, "有新版");
    fresh.onclick = async () => {
      remember(kept(path), null);
      await save();
      location.reload();
    };
    bar.append(fresh);
  }
  if (path === served && chapter && !older) {
    const original = make("button", { type: "button" }, "换回原样");
    original.onclick = () => restore(path, chapter.edition);
    bar.append(original);
  }
  if (path !== served && chapter) bar.append(make("a", { href: `?path=${encodeURIComponent(served)}` }, "书上的这一本"));
  for (const name of own.filter((name) => name !== path))
    bar.append(make("a", { href: `?path=${encodeURIComponent(name)}` }, `我的旧稿：${name.split("/").pop()}`));
  if (path) bar.append(make("a", { href: "../tree/index.html" }, "文件"));
  bar.append(make("a", { href: new URL("../book/how-to-use.html#in-the-browser", root) }, "怎样存、怎样取"));
  document.body.prepend(bar);
}

if (globalThis.document)
  try {
    await main();
  } catch (error) {
    console.error(error); // the notebook opens all the same
  }
