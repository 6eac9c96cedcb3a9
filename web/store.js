// The reader's memory: what this browser keeps of the book, under one key and nowhere else. Each entry of
// each part is an object with its time, `at`.
const KEY = "kefu";
const VERSION = 1;
export const PARTS = ["pages", "answers", "edits", "exercises"];
let unsaved = null; // what the browser would not keep, so that a visit without a store still works

export const fresh = () => ({ kefu: VERSION, ...Object.fromEntries(PARTS.map((part) => [part, {}])) });

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// All that this browser remembers of the book.
export function recall() {
  if (unsaved) return unsaved;
  const all = fresh();
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    if (kept?.kefu === VERSION) for (const part of PARTS) if (plain(kept[part])) all[part] = kept[part];
  } catch {} // no store, or not ours: begin anew
  return all;
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
    localStorage.removeItem(KEY);
    unsaved = null;
  } catch {}
  document.dispatchEvent(new Event("kefu-remembered"));
  return !unsaved;
}
