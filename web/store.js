// The reader's memory: what this browser keeps of the book, under one key and nowhere else. Each entry of
// each part is an object with its time, `at`. The key has the book's path: another edition of it, or another
// class's, at the same host keeps its own.
export const root = new URL(document.documentElement.dataset.content_root, location.href);
const KEY = `kefu ${root.pathname}`;
const SEEN = `kefu-edition ${root.pathname}`; // the edition that this browser was told of; nothing that is handed in
const OLD = "kefu"; // of all editions together, before keys had a path: read until there is an own one
const VERSION = 1;
export const PARTS = ["pages", "answers", "guesses", "edits", "exercises", "talks", "daily", "days", "nights"];
export const LONGEST = 100_000; // characters of a text that is kept
let unsaved = null; // what the browser would not keep, so that a visit without a store still works

export const fresh = () => ({ kefu: VERSION, ...Object.fromEntries(PARTS.map((part) => [part, {}])) });

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const sound = (part) => Object.fromEntries(Object.entries(part).filter(([, entry]) => plain(entry)));

// Before cells were kept by their own ids they were kept by their places in the notebook. In that edition the
// ids followed the places, but for four cells that chapter 13 had been given.
function byId(key) {
  const [, page, place] = key.match(/^(.+)#(\d{1,3})$/) ?? [];
  if (!place) return key;
  const moved = page.endsWith("/13_bots") && place > 23;
  const number = String(Number(place) + (moved ? -3 : 1)).padStart(3, "0");
  const id = (moved && { 24: "c024a", 26: "c025" }[place]) || (page === "book/gallery" ? "g" : "c") + number;
  return `${page}#${id}`;
}

// The same memory with its cells by their ids.
export function settled(all) {
  for (const part of ["edits", "exercises"]) {
    all[part] = Object.fromEntries(Object.entries(all[part]).map(([key, entry]) => [byId(key), entry]));
  }
  return all;
}

// All that this browser remembers of the book.
export function recall() {
  if (unsaved) return unsaved;
  const all = fresh();
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? localStorage.getItem(OLD));
    if (kept?.kefu === VERSION) for (const part of PARTS) if (plain(kept[part])) all[part] = sound(kept[part]);
  } catch {} // no store, or not ours: begin anew
  return settled(all);
}

// The edition that this browser was told of last, "?" where it read one that told nothing; "" at a first visit, which
// is told of this one, and where nothing can be kept.
export function toldOf(edition) {
  try {
    const old = localStorage.getItem(SEEN) ?? (Object.keys(recall().pages).length ? "?" : "");
    if (!old) tell(edition);
    return old;
  } catch {
    return "";
  }
}

export function tell(edition) {
  try {
    localStorage.setItem(SEEN, edition);
  } catch {} // it will be told again
}

// What a reader hands in: all that is remembered, the book's version, and whose it is where that was said.
export function handed(edition, who) {
  const said = Object.entries(who).map(([field, words]) => [field, words.trim()]).filter(([, words]) => words);
  return { ...(said.length ? { who: Object.fromEntries(said) } : {}), edition, ...recall() };
}

// Change what is remembered; tell whether the browser has kept it.
export function remember(act) {
  const all = recall();
  act(all);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    unsaved = null;
  } catch {
    unsaved = all;
  }
  document.dispatchEvent(new Event("kefu-remembered"));
  return !unsaved;
}

// Forget everything; tell whether the browser had it and let it go.
export function forget() {
  unsaved = fresh();
  try {
    for (const key of [KEY, OLD]) localStorage.removeItem(key);
    unsaved = null;
  } catch {}
  document.dispatchEvent(new Event("kefu-remembered"));
  return !unsaved;
}
