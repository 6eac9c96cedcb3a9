// A chapter in class. The text in large type, or one demo alone: what is beside the way to it is not
// shown, and nothing is moved, so a demo that is alive stays so, whatever it is made of.
import { drawing } from "./code.js";

const root = document.documentElement;
const base = new URL(".", import.meta.url);
const article = document.querySelector("article.bd-article");
const heading = article.querySelector("h1");
const TEXT = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])";
const STILL = "a[href], button:not([role]), summary, body, html"; // what has no use of its own for the arrows
const LOCAL = /^(localhost|127\.|\[::1\]|$)/;

function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Each demo that is not folded, with the cell that it stands in, in order; a cell's own contents may change at any time.
const holder = (demo) => demo.closest("div.cell") ?? demo;
const found = () => [...new Set([...article.querySelectorAll(".kefu-demo")].map(holder))].filter((one) => one.checkVisibility?.() ?? true);
let stages = [];
const place = (stage) => stage.id || (stage.closest("section")?.id ?? ""); // in an address
const titled = (stage) => stage.closest("section")?.querySelector("h1, h2, h3, h4")?.textContent.replace(/#\s*$/, "").trim() ?? "";

let opener, sheet, bar, at = -1; // the demo on the stage, or -1

const told = make("span", { className: "lesson-told", role: "status" });
const button = (text, label, act) => {
  const made = make("button", { type: "button", ariaLabel: label, onclick: act });
  made.append(...text);
  return made;
};

// The address of what is seen: with the demo's place, and with or without the mark of class.
function address(inClass) {
  const url = new URL(location.href);
  if (inClass) url.searchParams.set("class", "1");
  else url.searchParams.delete("class");
  if (at >= 0) url.hash = place(stages[at]);
  return url.href;
}
const note = () => history.replaceState(history.state, "", address(root.dataset.lesson !== undefined));

function clear() {
  for (const one of article.querySelectorAll(".lesson-way, .lesson-stage")) one.classList.remove("lesson-way", "lesson-stage");
  article.classList.remove("lesson-way");
  heading?.classList.remove("visually-hidden");
  if (at >= 0) for (const name of ["tabindex", "role", "aria-label"]) stages[at].removeAttribute(name);
}

// Change what is seen and stay at the place in the text, whatever becomes of its size.
function keeping(change) {
  const read = document.elementFromPoint(innerWidth / 2, innerHeight / 5)?.closest("article *");
  change();
  dispatchEvent(new Event("resize")); // for what measures itself
  if (scrollY > 0) read?.scrollIntoView({ block: "start" });
}

// Show one demo alone; by a key, the focus goes with it.
function stage(number, byKey) {
  clear();
  at = number;
  const shown = stages[at];
  shown.classList.add("lesson-stage");
  for (let up = shown.parentElement; ; up = up.parentElement) {
    up.classList.add("lesson-way");
    if (up === article) break;
  }
  heading?.classList.add("visually-hidden"); // still the page's heading
  told.textContent = `演示${at + 1}/${stages.length}　${titled(shown)}`;
  Object.assign(shown, { tabIndex: -1, role: "group", ariaLabel: told.textContent });
  root.dataset.lesson = "demo";
  if (byKey) shown.focus({ preventScroll: true });
  dispatchEvent(new Event("resize"));
  scrollTo({ top: 0, behavior: "instant" });
  note();
}

// Back to the text, at the place of the demo.
function text() {
  const last = stages[at];
  clear();
  at = -1;
  root.dataset.lesson = "text";
  told.textContent = stages.length ? `课文，共${stages.length}个演示` : "课文";
  dispatchEvent(new Event("resize"));
  if (last) {
    last.tabIndex = -1;
    last.scrollIntoView({ block: "start" });
    last.focus({ preventScroll: true });
    last.addEventListener("blur", () => at < 0 && last.removeAttribute("tabindex"), { once: true });
  }
  note();
}

// From the text, the next demo is the one that the reader has come to.
function step(by, byKey) {
  if (at < 0) stages = found(); // a part may have been unfolded
  if (!stages.length) return;
  if (at < 0) {
    const below = stages.findIndex((one) => one.getBoundingClientRect().bottom > 0);
    const next = below < 0 ? stages.length - 1 : by > 0 ? below : below - 1;
    if (next >= 0) stage(next, byKey);
  } else if (stages[at + by]) stage(at + by, byKey);
}

// Dark on light in either theme: cameras expect it so.
function show() {
  const url = address(false), { size, path } = drawing(url);
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const picture = svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "这一页网址的二维码", "shape-rendering": "crispEdges" });
  picture.append(svg("rect", { width: size, height: size, fill: "#fff" }), svg("path", { d: path, fill: "#000" }));
  const close = button("关上", "关上二维码", () => dialog.close());
  const dialog = make("dialog", { className: "lesson-code", ariaLabel: "这一页的二维码" }, picture, make("p", {}, decodeURI(url)));
  if (LOCAL.test(location.hostname)) dialog.append(make("p", { className: "lesson-note" }, "这个网址只有这台电脑打得开。要让手机也能扫，请用学校网里或公网上的网址打开这本书。"));
  dialog.append(close);
  const from = document.activeElement;
  dialog.onclose = () => {
    dialog.remove();
    from?.focus?.({ preventScroll: true });
  };
  document.body.append(dialog);
  dialog.showModal();
}

function end() {
  if (at >= 0) text();
  keeping(() => {
    delete root.dataset.lesson;
    bar.remove();
    sheet.disabled = true;
  });
  removeEventListener("keydown", key);
  note();
  opener?.focus({ preventScroll: true });
}

function key(event) {
  const { target } = event;
  if (event.defaultPrevented && event.key !== "Escape") return; // which Sphinx's own script always takes
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]") || target.closest?.(TEXT)) return;
  const still = target === stages[at] || target.matches?.(STILL);
  const pressed = event.key.toLowerCase();
  const acts = {
    n: () => step(1, true), p: () => step(-1, true), q: show,
    escape: () => (at < 0 ? end() : text()),
    ...(still ? { arrowright: () => step(1, true), arrowleft: () => step(-1, true) } : {}),
  };
  // a presenter's remote sends the keys that turn pages: they do so first
  if (at >= 0 && scrollY + innerHeight > root.scrollHeight - 2) acts.pagedown = acts.n;
  if (at >= 0 && scrollY < 2) acts.pageup = acts.p;
  if (!Object.hasOwn(acts, pressed)) return;
  event.preventDefault();
  acts[pressed]();
}

export async function begin(from) {
  if (root.dataset.lesson !== undefined) return;
  opener = from;
  stages = found();
  sheet ??= make("link", { rel: "stylesheet", href: new URL("lesson.css", base).href });
  if (!sheet.isConnected)
    await new Promise((onload, onerror) => {
      Object.assign(sheet, { onload, onerror });
      document.head.append(sheet);
    });
  sheet.disabled = false;
  const first = stages.findIndex((one) => place(one) && place(one) === decodeURIComponent(location.hash.slice(1)));
  bar ??= make("nav", { className: "lesson-bar", ariaLabel: "上课" },
    button("←", "上一个演示", () => step(-1)), told, button("下一个 →", "下一个演示", () => step(1)),
    button("二维码", "这一页的二维码", show), button("退出", "退出上课", end),
  );
  document.body.append(bar);
  addEventListener("keydown", key);
  if (first >= 0) stage(first, true);
  else {
    keeping(text);
    bar.querySelectorAll("button")[1].focus({ preventScroll: true });
  }
}
