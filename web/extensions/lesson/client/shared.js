// What a chapter on the wall has in both ways, 上课 and 放映: a bar of buttons, the page's code, which keys are free.
import { drawing } from "./code.js";

export const root = document.documentElement;
export const base = new URL(".", import.meta.url);
export const article = document.querySelector("article.bd-article");
const TEXT = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])";
const STILL = "a[href], button:not([role]), summary, body, html"; // what has no use of its own for the arrows
const LOCAL = /^(localhost|127\.|\[::1\]|$)/;

export function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
export function button(text, label, act) {
  return make("button", { type: "button", ariaLabel: label, onclick: act }, text);
}
export const titled = (one) => one.closest("section")?.querySelector("h1, h2, h3, h4")?.textContent.replace(/#\s*$/, "").trim() ?? "";

// Have a style sheet of this folder, loaded once and switched on.
export async function dressed(sheet, name) {
  sheet ??= make("link", { rel: "stylesheet", href: new URL(name, base).href });
  if (!sheet.isConnected)
    await new Promise((onload, onerror) => {
      Object.assign(sheet, { onload, onerror });
      document.head.append(sheet);
    });
  sheet.disabled = false;
  return sheet;
}

// Change what is seen and stay at the place in the text, whatever becomes of its size.
export function keeping(change) {
  const read = document.elementFromPoint(innerWidth / 2, innerHeight / 5)?.closest("article *");
  change();
  dispatchEvent(new Event("resize")); // for what measures itself
  if (scrollY > 0) read?.scrollIntoView({ block: "start" });
}

// Come back to a place in the text, by the keyboard too.
export function land(one) {
  one.tabIndex = -1;
  one.scrollIntoView({ block: "start", behavior: "instant" });
  one.focus({ preventScroll: true });
  one.addEventListener("blur", () => root.dataset.lesson !== "demo" && one.removeAttribute("tabindex"), { once: true });
}

// Tell what a key is that a control or the browser has no use for, or "".
export function free(event) {
  if (event.defaultPrevented && event.key !== "Escape") return ""; // which Sphinx's own script always takes
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return "";
  if (document.querySelector("dialog[open]") || event.target.closest?.(TEXT)) return "";
  return event.key.toLowerCase();
}
export const still = (target, shown) => target === shown || (target.matches?.(STILL) ?? true);

export function say(name, label, ...content) {
  const dialog = make("dialog", { className: `lesson-say ${name}`, ariaLabel: label }, ...content);
  const from = document.activeElement;
  dialog.onclose = () => {
    dialog.remove();
    from?.focus?.({ preventScroll: true });
  };
  dialog.onkeydown = (event) => { // also where the browser's own way is busy; the key is the dialog's alone
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    dialog.close();
  };
  dialog.append(button("关上", "关上", () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
}

// Show an address as a code. Dark on light in either theme: cameras expect it so.
export function show(url) {
  const { size, path } = drawing(url);
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const picture = svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "这一页网址的二维码", "shape-rendering": "crispEdges" });
  picture.append(svg("rect", { width: size, height: size, fill: "#fff" }), svg("path", { d: path, fill: "#000" }));
  const near = LOCAL.test(location.hostname) ? [make("p", { className: "lesson-note" }, "这个网址只有这台电脑打得开。要让手机也能扫，请用学校网里或公网上的网址打开这本书。")] : [];
  say("lesson-code", "这一页的二维码", picture, make("p", {}, decodeURI(url)), ...near);
}
