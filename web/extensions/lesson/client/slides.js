// 放映: the page's own blocks, a slide at a time. Nothing is moved or copied: a slide's blocks are marked, all else is not
// shown, so a demo that is alive stays so, and leaving the show brings the page back as it was.
import { handout } from "./handout.js";
import { openNotes } from "./notes.js";
import { pack, slide } from "./pack.js";
import { pen } from "./pen.js";
import { article, button, dressed, free, land, make, root, say, show, still, titled } from "./shared.js";

// What no slide has: set-up, solutions and what is said of them, folded answers, buttons of the page.
const LEFT_OUT = "script, style, .kefu-ways, .tracks, .card-bar, .for-teachers, .set-up, .tag_solution, .exercise > .tag_solution ~ *, "
  + "p:has(+ .tag_solution), .prev-next-footer, .lesson-running, .noprint";
const answers = (one) => one.matches("details:not(.hide)") && /^\s*(答案|参考解答)/.test(one.querySelector("summary")?.textContent ?? "");
const folded = (one) => one.matches("section.advanced") && root.dataset.track === "main" && !one.classList.contains("track-open");
const WHOLE = ".desk-card"; // a part with a frame of its own is one block
const FACTORS = [1, .9, .8, .72]; // of the size of the text, what a demo may have
const LARGER = [1.25, 1.15, 1], SMALLER = [1, .97, .94, .91, .88, .85, .82, .8];
const PAGE = { width: 900, height: 500 }; // the slide that the sizes of the page are made for, in px
const MOVED = "input, select, textarea, button, svg, canvas, .noUi-target, .kefu-track, .kefu-scene, [role=slider], .lesson-bar, .pst-scrollable-table-container, .dataframe, pre, .formula";

let opener, away, sheets = [], bar, blocks = [], slides = [], at = -1, began = 0, watched, alive, due, notes, ink, dark;
const told = make("span", { className: "lesson-told", role: "status" });
const line = make("div", { className: "lesson-line", ariaHidden: "true" });
const running = make("p", { className: "lesson-running" });

function all() {
  const found = [];
  const walk = (box) => {
    for (const one of box.children) {
      if (one.matches(LEFT_OUT) || answers(one) || (box === article && !one.matches("section"))) continue;
      if (one.matches("section") && !one.matches(WHOLE)) folded(one) || walk(one);
      else found.push(one);
    }
  };
  walk(article);
  return found;
}
const kind = (one) => (/^H[1-4]$/.test(one.tagName) ? "heading" : one.matches(".live-demo-cell") ? "demo" : one.matches(".caption") ? "caption"
  : one.matches(".try") ? "try" : one.matches("p, ul, ol") ? "text" : "cell");

// The sections on the way to a block take no place of their own.
function mark(ones) {
  for (const one of ones) {
    one.classList.add("lesson-on");
    for (let up = one.parentElement; !up.classList.contains("lesson-way"); up = up.parentElement) {
      up.classList.add("lesson-way");
      if (up === article) break;
    }
  }
}
function clear() {
  for (const one of article.querySelectorAll(".lesson-way, .lesson-on, .lesson-demo")) {
    one.classList.remove("lesson-way", "lesson-on", "lesson-demo", "lesson-beside", "lesson-head", "lesson-across");
    if (one.dataset.lessonTab) {
      one.removeAttribute("tabindex");
      delete one.dataset.lessonTab;
    }
    for (const name of ["part", "span"]) one.style.removeProperty(`--lesson-${name}`);
    if (!one.getAttribute("style")) one.removeAttribute("style");
    if (!one.getAttribute("class")) one.removeAttribute("class");
  }
  article.classList.remove("lesson-way");
  running.remove();
  heading?.classList.remove("visually-hidden", "lesson-title");
  for (const name of ["lessonLook", "lessonMeasure"]) delete article.dataset[name];
}
const heading = article.querySelector("h1");
const set = (name, value) => root.style.setProperty(`--lesson-${name}`, value);
const high = (one) => one.getBoundingClientRect().height;

// Lay all blocks out as they are on slides, each way in turn, and pack what was measured.
function measure() {
  const here = slides[at]?.from;
  clear();
  const scale = Math.max(Math.min(innerWidth / PAGE.width, innerHeight / PAGE.height), 1);
  set("scale", scale);
  set("fit", 1);
  const narrow = innerWidth < 700;
  const ones = all();
  mark(ones);
  article.dataset.lessonMeasure = "rows";
  running.textContent = "放映";
  article.prepend(running);
  const above = high(running);
  const found = ones.map((one) => ({ one, kind: kind(one), tall: high(one) })).filter(({ tall }) => tall > 1);
  const look = getComputedStyle(article);
  const gap = parseFloat(look.rowGap) * scale;
  const room = innerHeight - bar.offsetHeight - (parseFloat(look.paddingTop) + parseFloat(look.paddingBottom)) * scale;
  const demos = found.filter((block) => block.kind === "demo");
  const text = found.filter((block) => !["demo", "heading", "cell"].includes(block.kind));
  const tries = (way, least) => {
    article.dataset.lessonMeasure = way;
    for (const factor of narrow ? [1] : FACTORS) {
      for (const { one } of demos) one.style.setProperty("--lesson-part", factor);
      for (const block of demos) {
        const tall = high(block.one);
        if (!(block[way] <= least)) Object.assign(block, { [way]: tall, [`${way}Part`]: factor });
      }
    }
  };
  tries("columns", room);
  tries("wide", room - 4.4 * 17 * scale); // and what stands below it
  for (const block of demos) Object.assign(block, { scene: narrow ? block.tall : block.columns });
  article.dataset.lessonMeasure = "columns";
  for (const block of text) block.thin = high(block.one);
  article.dataset.lessonMeasure = "wide";
  for (const block of text) block.half = high(block.one);
  for (let i = found.length - 1; i >= 0; i--) {
    const block = found[i], next = found[i + 1], name = block.one.tagName;
    block.starts = block.kind === "heading" && name !== "H4" ? Number(name[1]) : 0;
    block.lead = block.kind === "text" && Boolean(next) && block.tall < room / 4 && (["cell", "demo"].includes(next.kind) || next.lead);
  }
  clear();
  blocks = found;
  const frame = { room, gap, above };
  slides = pack(blocks, frame).map(([from, to]) => ({ from, to, ...slide(blocks.slice(from, to), frame), room }));
  return here;
}

// What is shown, for tests.
export const plan = () => ({ blocks, slides });

const holds = (block) => slides.findIndex(({ from, to }) => from <= block && block < to);
const of = (element) => blocks.findIndex(({ one }) => one === element);

// Which block the reader has in sight: the show begins there.
function sighted() {
  const found = all().map((one, i, ones) => [one, ones[i + 1]]).find(([one]) => one.getBoundingClientRect().bottom > innerHeight * .2);
  return found?.[0];
}

function address(inClass) {
  const url = new URL(location.href);
  for (const name of ["class", "at"]) url.searchParams.delete(name);
  if (inClass) {
    url.searchParams.set("class", "slides");
    url.searchParams.set("at", slides[at].from);
  }
  const block = blocks[slides[at]?.from]?.one;
  if (block) url.hash = block.id || (block.closest("section")?.id ?? "");
  return url.href;
}

function title(number) {
  const one = slides[number];
  if (!one) return "";
  const head = blocks.slice(one.from, one.to).filter(({ kind }) => kind === "heading").at(-1);
  return titled((head ?? blocks[one.from]).one);
}

// A slide that neither a heading begins nor a demo names has a line above it.
const headless = (shown) => shown[0].kind !== "heading" && shown.every(({ kind }) => kind !== "demo");

// Mark how a slide's blocks lie in it: `page` is the text, or its copy on paper, `place` what stands there for a block.
function look(page, { from, to, way }, blocks, place = ({ one }) => one) {
  const shown = blocks.slice(from, to), heads = shown.filter(({ kind }) => kind === "heading").length + (headless(shown) ? 1 : 0);
  const at = shown.findIndex(({ kind }) => kind === "demo"), beside = shown.length - 1 - shown.filter(({ kind }) => kind === "heading").length;
  page.dataset.lessonLook = way;
  page.style.setProperty("--lesson-first", heads + 1);
  page.style.setProperty("--lesson-grid", way === "columns" ? `repeat(${heads + beside}, min-content) 1fr` : "none");
  shown.forEach((block, i) => {
    const one = place(block), { classList } = one;
    if (block.kind === "heading") classList.add("lesson-head");
    else if (block.kind === "demo") {
      classList.add("lesson-demo");
      one.style.setProperty("--lesson-part", (way === "wide" ? block.widePart : block.columnsPart) ?? 1);
      one.style.setProperty("--lesson-span", beside + 1);
    } else classList.add("lesson-beside", ...(i < at || shown.length - at === 2 ? ["lesson-across"] : []));
  });
}

// Show a slide; `byKey` takes the focus along.
function go(number, byKey = false, stay = false) {
  if (!slides[number]) return;
  const scrolled = scrollY;
  clear();
  at = number;
  const { from, to, way } = slides[at], shown = blocks.slice(from, to);
  mark(shown.map(({ one }) => one));
  if (!heading?.classList.contains("lesson-on")) heading?.classList.add("visually-hidden", "lesson-title"); // still the page's
  look(article, slides[at], blocks);
  if (headless(shown)) {
    running.textContent = titled(shown[0].one);
    article.prepend(running);
  }
  set("fit", 1);
  root.dataset.lesson = "slides";
  fit(way);
  told.textContent = `${at + 1}/${slides.length}　${title(at)}`;
  line.style.setProperty("--lesson-along", (at + 1) / slides.length);
  if (byKey) {
    const first = shown[0].one;
    if (!first.hasAttribute("tabindex")) Object.assign(first, { tabIndex: -1 }).dataset.lessonTab = "own";
    first.focus({ preventScroll: true });
  }
  dispatchEvent(new Event("resize"));
  scrollTo({ top: stay ? scrolled : 0, behavior: "instant" });
  history.replaceState(history.state, "", address(true));
  watched.disconnect();
  for (const { one } of shown) watched.observe(one);
  ink.draw();
  notes?.tell(state());
}

// A slide of text that is a little too tall is shown a little smaller, a short one larger; what is taller scrolls.
function fit(way) {
  const room = innerHeight - bar.offsetHeight + 1, fits = (factor) => {
    set("fit", factor);
    return high(article) <= room;
  };
  const tries = way !== "rows" ? SMALLER.slice(0, 3) : high(article) < room * .7 ? LARGER : SMALLER;
  if (!tries.some(fits)) set("fit", 1);
}

const state = () => ({
  number: at + 1, count: slides.length, began, now: title(at), next: title(at + 1),
  parts: blocks.slice(slides[at].from, slides[at].to).map(({ one }) => one),
});

// When the window or a block changes its size: the slide that has what was shown first stays.
function again() {
  clearTimeout(due);
  due = setTimeout(() => {
    if (root.dataset.lesson !== "slides" || !slides[at]) return; // left, or not there yet
    if (pressed || matchMedia("print").matches) return again(); // on paper the page's own blocks have no height
    const focused = document.activeElement;
    const one = blocks[slides[at].from].one, last = at;
    measure();
    const block = of(one);
    go(block < 0 ? Math.min(last, slides.length - 1) : holds(block), false, true);
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
  }, 200);
}
let pressed = false;
const press = ({ type }) => (pressed = type === "pointerdown");
let width = 0, height = 0;
function resized({ isTrusted }) {
  if (!isTrusted || (innerWidth === width && innerHeight === height)) return; // scripts' own
  [width, height] = [innerWidth, innerHeight];
  again();
}

const next = (byKey) => go(at + 1, byKey), back = (byKey) => go(at - 1, byKey);
const low = () => scrollY + innerHeight > root.scrollHeight - 2;
const scroll = (by) => scrollBy({ top: by * (innerHeight - bar.offsetHeight) * .8, behavior: "instant" });
const onward = () => (low() ? next(true) : scroll(1));
const backward = () => (scrollY < 2 ? back(true) : scroll(-1));
const code = () => show(address(false));
function black() {
  dark.hidden = !dark.hidden;
}
const full = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.())?.catch(() => {});

async function speak() {
  if (notes?.open()) return notes.focus();
  notes = await openNotes({ key, step: (by) => (by > 0 ? next() : back()) });
  if (notes) notes.tell(state());
  else {
    const page = article.querySelector(".for-teachers a")?.href;
    say("lesson-blocked", "讲稿窗口没有打开",
      make("p", {}, "浏览器拦下了讲稿窗口。请在地址栏旁边允许这个网站弹出窗口，再按一次“讲稿”。"),
      ...(page ? [make("p", {}, "也可以在新的标签页里看：", make("a", { href: page, target: "_blank", rel: "noopener" }, "这一章的教师页"))] : []));
  }
}

function key(event) {
  const pressed = free(event);
  if (!pressed || !slides[at]) return;
  if (!dark.hidden) {
    event.preventDefault();
    return black();
  }
  const { target } = event;
  const calm = target.ownerDocument !== document || target.dataset?.lessonTab || still(target, blocks[slides[at].from].one);
  const acts = {
    n: () => next(true), p: () => back(true), q: code, s: speak, d: () => ink.toggle(), f: full, b: black, ".": black,
    pagedown: onward, pageup: backward,
    escape: () => (ink.on ? ink.toggle() : end()),
    ...(calm ? { arrowright: () => next(true), arrowleft: () => back(true), home: () => go(0, true), end: () => go(slides.length - 1, true) } : {}),
    ...(calm && !target.matches?.("button, summary, a[href]") ? { " ": onward, enter: () => next(true) } : {}),
  };
  if (!Object.hasOwn(acts, pressed)) return;
  event.preventDefault();
  acts[pressed]();
}

// A stroke across with one finger turns the slide, unless it began on what is moved itself.
let swipe = null;
function touch(event) {
  const { type, touches, changedTouches } = event;
  if (type === "touchstart") {
    swipe = touches.length === 1 && !ink.on && !event.target.closest(MOVED) ? { x: touches[0].clientX, y: touches[0].clientY, time: event.timeStamp } : null;
  } else if (type === "touchend" && swipe) {
    const x = changedTouches[0].clientX - swipe.x, y = changedTouches[0].clientY - swipe.y;
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y) && event.timeStamp - swipe.time < 800) x < 0 ? next() : back();
    swipe = null;
  } else swipe = null;
}

let paper;
const print_ = { before: () => slides[at] && (paper ??= handout(slides, blocks, { look, title })), after: () => {
  paper?.();
  paper = null;
  if (slides[at]) go(at, false, true);
} };
function listen(add) {
  const change = add ? addEventListener : removeEventListener;
  for (const [name, act] of [["keydown", key], ["resize", resized], ["pointerdown", press], ["pointerup", press], ["pointercancel", press],
    ["touchstart", touch], ["touchend", touch], ["touchcancel", touch], ["beforeprint", print_.before], ["afterprint", print_.after], ["pagehide", close]])
    change(name, act, { passive: name.startsWith("touch"), capture: name.startsWith("pointer") });
}
const close = () => {
  notes?.close();
  notes = null;
};

export function end() {
  const last = blocks[slides[at]?.from]?.one;
  const left = address(false);
  clearTimeout(due);
  for (const one of [watched, alive]) one.disconnect();
  listen(false);
  close();
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  clear();
  for (const name of ["first", "grid"]) article.style.removeProperty(`--lesson-${name}`);
  if (!article.getAttribute("style")) article.removeAttribute("style");
  ink.away();
  for (const one of [bar, dark]) one.remove();
  delete root.dataset.lesson;
  for (const name of ["scale", "fit"]) root.style.removeProperty(`--lesson-${name}`);
  for (const sheet of sheets) sheet.disabled = true;
  at = -1;
  dispatchEvent(new Event("resize"));
  history.replaceState(history.state, "", left);
  if (last) land(last);
}

export async function begin(from, lesson) {
  if (root.dataset.lesson !== undefined) return;
  [opener, away] = [from, lesson];
  const seen = sighted();
  sheets = await Promise.all(["lesson.css", "slides.css"].map((name, i) => dressed(sheets[i], name)));
  dark = make("div", { className: "lesson-dark", hidden: true, onclick: black });
  watched ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const last = Number(target.lessonTall);
      target.lessonTall = contentRect.height;
      if (!Number.isNaN(last) && Math.abs(last - contentRect.height) > 8 && sizesOf === at) again();
    }
    sizesOf = at;
  });
  alive ??= new MutationObserver(again); // a demo that comes alive may have another size than its picture
  alive.observe(root, { attributeFilter: ["data-live"] });
  ink ??= pen({ article, blocks: () => (slides[at] ? blocks.slice(slides[at].from, slides[at].to).map(({ one }) => one) : []) });
  bar ??= make("nav", { className: "lesson-bar", ariaLabel: "放映" },
    line, button("←", "上一页", () => back()), told, button("→", "下一页", () => next()),
    button("画笔", "在这一页上画", () => ink.toggle()), button("讲稿", "在另一个窗口里看讲稿", speak), button("二维码", "这一页的二维码", code),
    button("讲义", "把各页印成讲义", () => print()), button("演示", "改成上课：一屏一个演示", () => away()), button("退出", "退出放映", end),
  );
  document.body.append(bar, dark);
  root.dataset.lesson = "slides";
  listen(true);
  [width, height] = [innerWidth, innerHeight];
  began = Date.now();
  await document.fonts.ready;
  measure();
  const wanted = new URL(location.href).searchParams.get("at");
  const block = wanted === null ? of(seen) : Number(wanted);
  go(Math.max(holds(block), 0), true);
}
let sizesOf = -1;
