// What every page does for its reader: it remembers, in this browser alone, what was read and where the
// reading stopped, marks it in the contents, and keeps the reader's own changes of live cells.
import { enliven, make } from "./quiz.js";
import { recall, remember } from "./store.js";

export const root = new URL(document.documentElement.dataset.content_root, location.href);
const name = (address) => decodeURI(new URL(address, location.href).pathname.slice(root.pathname.length)).replace(/\.html$/, "");
const page = name(location.href);
const TICK = 5; // seconds
const ENOUGH = 60; // seconds on a chapter that make it read, once its end was seen
const GO_ON = "#go-on"; // in an address: to the heading last read, whatever its id has become
const cut = (text) => [...text.trim().replace(/\s*#$/, "")].slice(0, 80).join("");

// Add up the time that a chapter is looked at, in all visits together; keep the place.
function follow() {
  const article = document.querySelector("article.bd-article");
  const sections = [...article.querySelectorAll("section[id]")];
  const heading = (section) => cut(section?.querySelector("h1, h2, h3, h4")?.textContent ?? "");
  if (location.hash === GO_ON) {
    const last = recall().pages[page]?.heading;
    sections.find((section) => heading(section) === last)?.scrollIntoView();
    history.replaceState(null, "", location.pathname);
  }
  let ended = false;
  const tick = (seconds) => {
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3).at(-1);
    remember(({ pages }) => {
      const old = pages[page];
      const now = {
        at: Date.now(),
        seconds: Math.min((old?.seconds ?? 0) + seconds, 1e6),
        ended: ended || old?.ended === true,
        heading: heading(passed),
      };
      pages[page] = { ...now, read: now.ended && now.seconds >= ENOUGH };
    });
  };
  new IntersectionObserver((seen) => (ended ||= seen.some((one) => one.isIntersecting))).observe(
    document.querySelector(".prev-next-footer") ?? article.lastElementChild,
  );
  setInterval(() => document.hidden || tick(TICK), TICK * 1000);
}

// What the book remembers of a chapter, as a sign and in words; nothing of a page never read.
export function state(page) {
  const { pages, answers } = recall();
  const quiz = page.match(/(\d+)_[^/]*$/)?.[1];
  const right = Object.entries(answers).filter(([key, one]) => key.startsWith(`${quiz}/`) && one?.right === true).length;
  const words = right ? [`小测答对${right}题`] : [];
  if (pages[page]?.read === true) return ["✓", ["已读完", ...words].join("，")];
  return pages[page] || right ? ["◐", ["读过一部分", ...words].join("，")] : ["", ""];
}

function mark() {
  for (const link of document.querySelectorAll(".bd-sidebar-primary nav a[href], #pst-primary-sidebar-modal nav a[href]")) {
    const target = name(link.href);
    const [sign, words] = target.startsWith("notebooks/") ? state(target) : ["", ""];
    const old = link.querySelector(".reader-mark");
    if (old?.title === words || (!old && !sign)) continue;
    old?.remove();
    const spoken = make("span", { class: "visually-hidden" }, `（${words}）`);
    if (sign) link.append(make("span", { class: "reader-mark", title: words }, make("span", { "aria-hidden": "true" }, sign), spoken));
  }
}

// On the cover: back to the place last read. Only a page that the contents list is linked.
function goOn() {
  const entries = Object.entries(recall().pages).filter(([, entry]) => Number.isFinite(entry?.at));
  const [last, entry] = entries.sort(([, a], [, b]) => b.at - a.at)[0] ?? [];
  const listed = [...document.querySelectorAll(".bd-sidebar-primary nav a[href]")].find((link) => name(link.href) === last);
  if (!listed) return;
  const title = cut(listed.firstChild.textContent);
  const heading = typeof entry.heading === "string" && entry.heading !== title ? `，${cut(entry.heading)}` : "";
  const link = make("a", { href: new URL(GO_ON, listed.href).href }, `接着读：${title}${heading}`);
  (document.querySelector("article .kefu-lead") ?? document.querySelector("article h1")).after(make("p", { class: "reader-go-on" }, link));
}

// A live cell tells of itself and of every change; a text of an earlier visit is offered, never run.
document.addEventListener("live-cell", ({ detail: { index, source, offer } }) => {
  const kept = recall().edits[`${page}#${index}`];
  if (typeof kept?.text === "string" && kept.text !== source) offer(kept.text);
});
document.addEventListener("live-edit", ({ detail: { index, source, text } }) => {
  remember(({ edits }) => {
    if (text === source) delete edits[`${page}#${index}`];
    else edits[`${page}#${index}`] = { at: Date.now(), text };
  });
});

document.addEventListener("live-checked", ({ detail: { index, said } }) => {
  if (said.includes("，全对！")) remember(({ exercises }) => (exercises[`${page}#${index}`] = { at: Date.now() }));
});

if (page.startsWith("notebooks/")) follow();
if (page === "book/index") goOn();
document.addEventListener("kefu-remembered", mark);
mark();
enliven({ recall, remember });
