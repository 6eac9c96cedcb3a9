// A chapter in class. The text in large type, or one demo alone: what is beside the way to it is not
// shown, and nothing is moved, so a demo that is alive stays so, whatever it is made of.
import { article, button, dressed, free, keeping, land, make, root, show, still, titled } from "./shared.js";

const heading = article.querySelector("h1");

// Each demo that is not folded, with the cell that it stands in, in order; a cell's own contents may change at any time.
const holder = (demo) => demo.closest("div.cell") ?? demo;
const found = () => [...new Set([...article.querySelectorAll(".kefu-demo")].map(holder))].filter((one) => one.checkVisibility?.() ?? true);
let stages = [];
const place = (stage) => stage.id || (stage.closest("section")?.id ?? ""); // in an address

let opener, away, sheet, bar, at = -1; // the demo on the stage, or -1

const told = make("span", { className: "lesson-told", role: "status" });
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
  if (last) land(last);
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

export function end() {
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

const code = () => show(address(false));

function key(event) {
  const pressed = free(event);
  const acts = {
    n: () => step(1, true), p: () => step(-1, true), q: code,
    escape: () => (at < 0 ? end() : text()),
    ...(still(event.target, stages[at]) ? { arrowright: () => step(1, true), arrowleft: () => step(-1, true) } : {}),
  };
  // a presenter's remote sends the keys that turn pages: they do so first
  if (at >= 0 && scrollY + innerHeight > root.scrollHeight - 2) acts.pagedown = acts.n;
  if (at >= 0 && scrollY < 2) acts.pageup = acts.p;
  if (!pressed || !Object.hasOwn(acts, pressed)) return;
  event.preventDefault();
  acts[pressed]();
}

export async function begin(from, slides) {
  if (root.dataset.lesson !== undefined) return;
  opener = from;
  away = slides;
  stages = found();
  sheet = await dressed(sheet, "lesson.css");
  const first = stages.findIndex((one) => place(one) && place(one) === decodeURIComponent(location.hash.slice(1)));
  bar ??= make("nav", { className: "lesson-bar", ariaLabel: "上课" },
    button("←", "上一个演示", () => step(-1)), told, button("下一个 →", "下一个演示", () => step(1)),
    button("放映", "改成一页一页放映", () => away()), button("二维码", "这一页的二维码", code), button("退出", "退出上课", end),
  );
  document.body.append(bar);
  addEventListener("keydown", key);
  if (first >= 0) stage(first, true);
  else {
    keeping(text);
    bar.querySelectorAll("button")[1].focus({ preventScroll: true });
  }
}
