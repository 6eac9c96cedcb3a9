// What every page does for its reader: it remembers, in this browser alone, what was read and where the
// reading stopped, marks it in the contents, and keeps the reader's own changes of live cells.
import { enliven, make } from "./quiz.js";
import { dayOf, left, rank, rows, streak, WINDOWS } from "./schedule.js";
import { LONGEST, recall, remember, root, tell, toldOf } from "./store.js";

const name = (address) => decodeURI(new URL(address, location.href).pathname.slice(root.pathname.length)).replace(/\.html$/, "");
const page = name(location.href);
const chapter = (page) => page.startsWith("notebooks/") && !page.endsWith("_teach");
const TICK = 5; // seconds
const ENOUGH = 60; // seconds on a chapter that make it read, once its end was seen
const NIGHTS = 12; // of the night shift are kept
const GO_ON = "#go-on"; // in an address: to the heading last read, whatever its id has become
const GO_TO = "#go-to="; // in an address: to the heading of these words
const cut = (text) => [...text.trim().replace(/\s*#$/, "")].slice(0, 80).join("");

// Add up the time that a chapter is looked at, in all visits together; keep the place, and offer it at the next visit.
function follow() {
  const article = document.querySelector("article.bd-article");
  const sections = [...article.querySelectorAll("section[id]")];
  const heading = (section) => cut(section?.querySelector("h1, h2, h3, h4")?.textContent ?? "");
  const kept = recall().pages[page]?.heading;
  const place = sections.slice(1).find((section) => heading(section) === kept);
  const goOn = () => {
    if (location.hash !== GO_ON) return;
    document.querySelector("dialog[open]")?.close(); // the drawer that led here
    place?.dispatchEvent(new Event("beforematch", { bubbles: true })); // it may be folded
    place?.scrollIntoView();
    history.replaceState(null, "", location.pathname + location.search);
  };
  if (place && !location.hash && scrollY < innerHeight / 2) offer(article, heading(place));
  goOn();
  addEventListener("hashchange", goOn);
  const goTo = () => {
    if (!location.hash.startsWith(GO_TO)) return;
    const wanted = cut(decodeURIComponent(location.hash.slice(GO_TO.length)));
    const there = sections.find((section) => heading(section) === wanted);
    there?.dispatchEvent(new Event("beforematch", { bubbles: true }));
    there?.scrollIntoView();
  };
  goTo();
  addEventListener("hashchange", goTo);
  const moved = showPassed(article);
  let ended = false;
  const tick = (seconds) => {
    const passed = sections.filter((section) => section.getClientRects()[0]?.top < innerHeight / 3).at(-1); // what is folded has none
    remember(({ pages }) => {
      const old = pages[page];
      const now = {
        at: Date.now(),
        seconds: Math.min((old?.seconds ?? 0) + seconds, 1e6),
        ended: ended || old?.ended === true,
        heading: moved() || !old ? heading(passed) : old.heading, // a page just opened at its top has not been read there
      };
      pages[page] = { ...now, read: now.ended && now.seconds >= ENOUGH };
    });
  };
  new IntersectionObserver((seen) => (ended ||= seen.some((one) => one.isIntersecting))).observe(
    document.querySelector(".prev-next-footer") ?? article.lastElementChild,
  );
  setInterval(() => document.hidden || tick(TICK), TICK * 1000);
}

// At the top of a chapter, as long as the reader is there: on to the heading last read.
function offer(article, heading) {
  const link = make("a", { href: GO_ON }, "接着读：", make("b", {}, heading));
  const line = make("p", { class: "reader-here" }, link);
  article.prepend(line);
  const gone = () => scrollY > innerHeight / 2 && (line.remove(), removeEventListener("scroll", gone));
  addEventListener("scroll", gone, { passive: true });
}

// A thin bar says how far in the chapter the reader is; what is returned tells whether the page was ever moved.
function showPassed(article) {
  const bar = make("div", { class: "reader-passed", "aria-hidden": "true" });
  let moved = false, waiting = false;
  const show = () => {
    waiting = false;
    const { top, height } = article.getBoundingClientRect();
    bar.style.transform = `scaleX(${Math.min(Math.max(-top / Math.max(height - innerHeight, 1), 0), 1)})`;
  };
  const wait = () => waiting || (waiting = Boolean(requestAnimationFrame(show)));
  addEventListener("scroll", () => (moved = true) && wait(), { passive: true });
  addEventListener("resize", wait, { passive: true });
  document.body.append(bar);
  wait();
  return () => moved;
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
    const [sign, words] = chapter(target) ? state(target) : ["", ""];
    const old = link.querySelector(".reader-mark");
    if (old?.title === words || (!old && !sign)) continue;
    old?.remove();
    const spoken = make("span", { class: "visually-hidden" }, `（${words}）`);
    if (sign) link.append(make("span", { class: "reader-mark", title: words }, make("span", { "aria-hidden": "true" }, sign), spoken));
  }
}

// On the cover and in a phone's drawer: back to the place last read. Only a page that the contents list is linked.
function goOn() {
  const entries = Object.entries(recall().pages).filter(([, entry]) => Number.isFinite(entry?.at));
  const [last, entry] = entries.sort(([, a], [, b]) => b.at - a.at)[0] ?? [];
  const listed = [...document.querySelectorAll(".bd-sidebar-primary nav a[href]")].find((link) => name(link.href) === last);
  if (!listed) return;
  const title = cut(listed.firstChild.textContent);
  const heading = typeof entry.heading === "string" && entry.heading !== title ? `，${cut(entry.heading)}` : "";
  const line = () => make("p", { class: "reader-go-on" }, make("a", { href: new URL(GO_ON, listed.href).href }, `接着读：${title}${heading}`));
  listed.closest("nav").before(line());
  if (page === "book/index") (document.querySelector("article .kefu-lead") ?? document.querySelector("article h1")).after(line());
}

// On the cover: whoever read another edition is told what has changed since, until he has looked. The page of
// changes, where it is opened, has told him.
function changed() {
  const now = document.querySelector("meta[name=kefu-edition]").content;
  const old = toldOf(now);
  if (page === "book/changes") return tell(now);
  if (!old || old === now || page !== "book/index") return;
  const from = old === "?" ? "你来过" : `你上次看的是${old}版`;
  const link = make("a", { href: new URL("book/changes.html", root).href }, `${from}，现在是${now}版：看看改了什么`);
  document.querySelector(".kefu-today").append(make("p", { class: "reader-changed" }, link));
}

// On the cover: who waits at today's three windows, and how many days in a row nobody waited in vain.
function today() {
  const link = document.querySelector(".kefu-today a");
  const { days } = recall();
  const day = dayOf(Date.now());
  const count = streak(days, day);
  const all = rows(days[day]).length;
  const waiting = all ? left(days[day]) : WINDOWS;
  const told = !all && Array.isArray(days[day]?.windows) ? "今天没有客人" : !waiting ? "今天的都接完了"
    : `今天${waiting < WINDOWS ? "还有" : ""}${"一两三"[waiting - 1]}位客人在等`;
  link.textContent = `今日三窗：${told}`;
  link.after(...(count ? [make("span", { class: "today-streak" }, `连续${count}天，${rank(days).name}`)] : []));
}

// A live cell tells of itself and of every change; a text of an earlier visit is offered, never run. What is
// kept has the cell's own id, so that it stays with its cell in an edition with more cells.
document.addEventListener("live-cell", ({ detail: { id, source, offer } }) => {
  const kept = recall().edits[`${page}#${id}`];
  if (typeof kept?.text === "string" && kept.text !== source) offer(kept.text);
});
document.addEventListener("live-edit", ({ detail: { id, source, text, say } }) => {
  if (text.length > LONGEST) return say(`这段代码超过${LONGEST / 10_000}万字，太长，这一次的修改没有保存。`);
  remember(({ edits }) => {
    if (text === source) delete edits[`${page}#${id}`];
    else edits[`${page}#${id}`] = { at: Date.now(), text };
  });
});

document.addEventListener("live-checked", ({ detail: { id, won } }) => {
  if (won) remember(({ exercises }) => (exercises[`${page}#${id}`] = { at: Date.now() }));
});

// A conversation that has come to its end: how often, how well at best, and whether it ever ended well.
document.addEventListener("kefu-talk", ({ detail: { talk, kind, score } }) => {
  remember(({ talks }) => {
    const old = talks[talk];
    const best = Math.max(Number(score), old?.best ?? 0);
    talks[talk] = { at: Date.now(), won: kind === "good" || old?.won === true, best, tries: (old?.tries ?? 0) + 1 };
  });
});

// The night shift: its record as far as it was played, by level and seed, the newest few; whoever asks is given all.
document.addEventListener("kefu-nights", ({ detail }) => {
  if (detail.keep) detail.kept = remember(({ nights }) => {
    nights[detail.keep.name] = { at: Date.now(), text: detail.keep.text };
    const old = Object.entries(nights).sort(([, a], [, b]) => b.at - a.at).slice(NIGHTS);
    for (const [name] of old) delete nights[name];
  });
  detail.nights = recall().nights;
});

// The arrow to the top makes way where it would lie on what is pressed: while a field or a demo has the focus,
// and while a demo lies behind it.
const DEMO = ".kefu-demo, [data-questions]";
const arrow = document.querySelector("#pst-back-to-top");
function makeWay() {
  const typing = document.activeElement?.closest(`${DEMO}, input, textarea, select, .cm-content`);
  const behind = document.elementsFromPoint(innerWidth - 38, innerHeight * 0.9 + 22).some((one) => one.closest(DEMO));
  arrow?.classList.toggle("kefu-busy", Boolean(typing) || behind);
}
let later = 0;
const soon = () => {
  requestAnimationFrame(makeWay);
  clearTimeout(later);
  later = setTimeout(makeWay, 300); // what comes into view may grow once it is drawn
};
for (const name of ["focusin", "focusout", "scroll", "resize"]) addEventListener(name, soon, { passive: true });
soon();

goOn();
if (page === "book/index") today();
changed();
if (chapter(page)) follow();
document.addEventListener("kefu-remembered", mark);
mark();

// A page that is of an old edition is loaded anew at the reader's wish: what stands in its forms unchecked,
// and nowhere else, goes along.
const asked = enliven({ recall, remember });
const DRAFTS = `kefu-drafts ${root.pathname}`;
document.addEventListener("live-renew", (event) => {
  const changed = asked.filter(([, { draft, kept }]) => JSON.stringify(draft) !== JSON.stringify(kept()));
  try {
    sessionStorage.setItem(DRAFTS, JSON.stringify({ page, drafts: changed.map(([id, { draft }]) => [id, draft]) }));
  } catch {
    event.preventDefault();
  }
  if (!remember(() => {})) event.preventDefault();
});
try {
  const kept = JSON.parse(sessionStorage.getItem(DRAFTS));
  sessionStorage.removeItem(DRAFTS);
  if (kept?.page === page) for (const [id, draft] of kept.drafts) {
    const question = new Map(asked).get(id);
    if (question) question.draft = draft;
  }
} catch {} // nothing is kept
