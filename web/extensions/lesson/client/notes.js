// The speaker's notes: a window of the teacher's own, written by the page that shows the slides. What they say is the
// chapter's page for teachers: first the lines of it that are nearest to the slide, below them all of it.
import { nearest } from "./match.js";
import { article, base, button, make, root } from "./shared.js";

const PASSED = new Set(["ArrowRight", "ArrowLeft", "PageDown", "PageUp", "Home", "End", " ", "Enter", "n", "p", "b", "."]);
const said = (one) => one.textContent.replace(/#\s*$/, "").trim();
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
let fetched;

// What a page for teachers says, by kind.
export function read(page) {
  const below = (title) => [...page.querySelectorAll("section")].find((one) => said(one.querySelector(":scope > h2") ?? make("p")).startsWith(title));
  const plan = [];
  for (const table of page.querySelectorAll("table")) {
    const names = [...table.querySelectorAll("thead th")].map(said), at = names.indexOf("分钟");
    if (at < 0) continue;
    const box = table.closest(".pst-scrollable-table-container") ?? table;
    const lesson = box.previousElementSibling ? said(box.previousElementSibling) : "";
    for (const row of table.querySelectorAll("tbody tr")) {
      const cells = [...row.cells].map(said);
      plan.push({ lesson, name: cells[0], minutes: cells[at], text: cells.filter((_, i) => i && i !== at).join("　") });
    }
  }
  const list = (title) => [...(below(title)?.querySelectorAll("li") ?? [])].filter((one) => !one.querySelector("li")).map((one) => ({ name: "", text: said(one), one }));
  return { plan, asks: list("三个提问"), hard: list("重点"), page };
}

async function teachers() {
  const link = article.querySelector(".for-teachers a");
  if (!link) return null;
  fetched ??= fetch(link.href).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status} ${link.href}`);
    return answer.text();
  });
  try {
    const page = new DOMParser().parseFromString(await fetched, "text/html").querySelector("article.bd-article");
    for (const one of page.querySelectorAll("script, .headerlink, .for-teachers, .noprint")) one.remove();
    for (const one of page.querySelectorAll("[href]")) one.setAttribute("href", new URL(one.getAttribute("href"), link.href).href);
    for (const one of page.querySelectorAll("[src]")) one.setAttribute("src", new URL(one.getAttribute("src"), link.href).href);
    return read(page);
  } catch (error) {
    fetched = null; // no network: the next press tries again
    console.warn(error);
    return null;
  }
}

// Open the window; null where the browser does not let it.
export async function openNotes({ key, step }) {
  const opened = window.open("", "kefu-notes", "popup,width=560,height=780");
  if (!opened) return null;
  let left = false; // a window that is being closed is not `closed` yet, and one that is loaded anew has lost its notes
  opened.addEventListener("pagehide", () => (left = true));
  const page = opened.document;
  page.title = "讲稿";
  page.documentElement.lang = "zh-CN";
  for (const name of ["theme", "mode"]) if (root.dataset[name]) page.documentElement.dataset[name] = root.dataset[name];
  page.head.replaceChildren(make("title", {}, "讲稿"), ...[...document.querySelectorAll("link[rel=stylesheet]")].filter(({ disabled, href }) => !disabled && !/slides\.css/.test(href))
    .map(({ href }) => make("link", { rel: "stylesheet", href })), make("link", { rel: "stylesheet", href: new URL("notes.css", base).href }));
  const part = (name, ...inside) => make("section", { className: `notes-${name}` }, ...inside);
  const [time, spent, count, now, next] = ["time", "spent", "count", "now", "next"].map((name) => make(name === "time" ? "time" : "span", { className: `notes-${name}` }));
  const near = make("div", { className: "notes-near" }), whole = make("details", { open: true }, make("summary", {}, "整页教案"));
  const main = make("main", { className: "notes" },
    make("h1", {}, "讲稿"),
    part("top", time, spent, count),
    part("slides", make("p", {}, make("b", {}, "现在"), now), make("p", {}, make("b", {}, "下一页"), next),
      make("p", { className: "notes-step" }, button("←", "上一页", () => step(-1)), button("→", "下一页", () => step(1)))),
    near, whole);
  page.body.replaceChildren(main);
  opened.onkeydown = (event) => PASSED.has(event.key) && key(event);
  const told = await teachers();
  if (told) whole.append(page.importNode(told.page, true));
  else whole.append(make("p", {}, "教师页没有取到：看看网络，关上这个窗口再按一次“讲稿”。"));
  let began = Date.now();
  const tick = () => {
    const at = new Date();
    time.textContent = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
    spent.textContent = `已讲${clock((at - began) / 1000)}`;
  };
  const timer = setInterval(() => (left || opened.closed ? clearInterval(timer) : tick()), 1000);
  const row = ({ lesson, name, minutes, text }) => part("plan", make("p", {}, make("b", {}, name), make("span", { className: "notes-minutes" }, `${minutes}分钟`)), make("p", {}, text), make("p", { className: "notes-lesson" }, lesson));
  return {
    open: () => !left && !opened.closed,
    focus: () => opened.focus(),
    close() {
      clearInterval(timer);
      opened.close();
    },
    tell(state) {
      began = state.began;
      tick();
      count.textContent = `第${state.number}页，共${state.count}页`;
      now.textContent = state.now;
      next.textContent = state.next || "没有了";
      if (!told) return;
      const titles = [];
      for (let up = state.parts.at(-1).closest("section"); up; up = up.parentElement.closest("section")) {
        const head = up.querySelector("h2, h3, h4");
        if (up.parentElement.closest("section") && head) titles.unshift(said(head));
      }
      const text = state.parts.map((one) => one.textContent).join("，").slice(0, 1500);
      const line = titles.length ? nearest(titles, text, told.plan) : -1;
      const ask = titles.length ? nearest(titles, text, told.asks, 2) : -1, hard = titles.length ? nearest(titles, text, told.hard, 2) : -1;
      near.replaceChildren(make("h2", {}, "教案里最近的一行"),
        line < 0 ? make("p", {}, "教案没有专门说到这一页，见下面的整页教案。") : row(told.plan[line]),
        ...(ask < 0 ? [] : [make("h2", {}, "可以问"), make("div", { className: "notes-ask" }, ...page.importNode(told.asks[ask].one, true).childNodes)]),
        ...(hard < 0 ? [] : [make("h2", {}, "重点与难点"), make("div", { className: "notes-ask" }, ...page.importNode(told.hard[hard].one, true).childNodes)]));
    },
  };
}
