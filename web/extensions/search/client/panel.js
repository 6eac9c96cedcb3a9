// What the reader sees of the search: a field and the list of what it finds, in a dialog over any page, or
// standing in the search's own page.
import { Book, snippet, TERM } from "./find.js";
import { asked } from "./text.mjs";
import { words } from "./words.js";

const base = new URL(".", import.meta.url);
const data = new URL("../", base);
const site = new URL("../../../", base);
const PAUSE = 60; // ms without a key before a search begins
const FEW = 3; // at so few results for Latin letters, what they may mean as pinyin is told too

let book, near;
const opened = () => (book ??= Book.open(data, site).catch((error) => ((book = null), Promise.reject(error))));
const helped = async () =>
  (near ??= Promise.all([opened(), import("./near.js")])
    .then(([book, { Near }]) => Near.open(book))
    .catch((error) => ((near = null), Promise.reject(error))));

// Return an element; what it holds is only ever text or other elements.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}
function marked({ text, marks }) {
  let at = 0;
  const parts = [];
  for (const [start, end] of marks) {
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

let panels = 0;
class Panel {
  // `boot` hands a phrase over to the page that is opened; `left` is called when the reader is done.
  constructor(boot, left) {
    const id = `kefu-search-${++panels}`;
    Object.assign(this, { id, boot, left, results: [], shown: [], active: -1, run: 0, open: new Set() });
    this.input = make("input", {
      type: "search", name: "q", id: `${id}-q`, role: "combobox", "aria-label": words.search, placeholder: words.placeholder,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, autocomplete: "off",
      autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "go",
    });
    this.said = make("p", { role: "status", class: "kefu-search-said" });
    this.list = make("div", { role: "listbox", id: `${id}-list`, "aria-label": words.results, class: "kefu-search-list" });
    const keys = words.keys.map(([key, does]) => make("span", {}, make("kbd", {}, key), does));
    this.help = make("div", { class: "kefu-search-help" }, make("p", {}, words.help), make("p", { class: "kefu-search-keys" }, ...keys));
    this.bar = make("form", { role: "search", class: "kefu-search-bar" }, make("i", { class: "fa-solid fa-magnifying-glass", "aria-hidden": "true" }), this.input);
    this.element = make("div", { class: "kefu-search-panel" }, this.bar, this.said, this.list, this.help);
    this.bar.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("input", (event) => event.isComposing || this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
  }

  later() {
    this.list.ariaBusy = "true";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), PAUSE);
  }

  async search() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    if (query !== this.query) {
      const run = ++this.run;
      this.query = query;
      this.open.clear();
      this.changed?.(query);
      this.finding = this.find(query, () => run === this.run);
    }
    const run = this.run;
    await this.finding;
    if (run === this.run) this.list.ariaBusy = "false";
  }

  // Show what is found for a query, as long as it is the current one.
  async find(query, current) {
    if (!query) return this.show([], "");
    try {
      this.said.textContent ||= words.loading;
      const index = await opened();
      let last = await this.findAs(query, index, current);
      if (last && !last.results.length && !last.lost) {
        const simple = await index.simplified(query).catch((error) => (console.error(error), query));
        if (!current()) return;
        if (simple !== query) last = await this.findAs(simple, index, current, words.simplified(simple));
      }
      if (!last) return;
      if (!last.results.length || (last.places <= FEW && /^[a-z\s]+$/i.test(query))) await this.helpOut(this.meant, last, current);
    } catch (error) {
      console.error(error);
      if (!current()) return;
      this.show([], words.failed);
      this.query = null; // the same words may be tried again
    }
  }

  // Show what is found as it comes in, with what is said ahead of it; the last of it, null if it is no longer wanted.
  async findAs(query, index, current, ahead = "") {
    this.meant = query;
    let last = { results: [], pages: 0, places: 0, waiting: 0, lost: 0 };
    for await (const found of index.find(query)) {
      if (!current()) return null;
      last = found;
      if (found.results.length || !found.waiting) this.show(found.results, found.results.length ? ahead + this.summary(found) : this.summary(found));
    }
    return last;
  }

  summary({ pages, places, waiting, lost }) {
    return [places && words.found(places, pages), waiting && words.waiting(waiting), lost && words.lost(lost)].filter(Boolean).join("，");
  }

  async helpOut(query, found, current) {
    const none = found.results.length || found.lost ? this.summary(found) : words.none(query);
    if (!found.results.length) this.show([], none);
    const help = await helped().catch((error) => void console.error(error));
    if (!help) return; // what was found stands
    const like = help.find(query).filter(({ place }) => !found.results.some((result) => result.place === place));
    if (current()) this.show([...found.results, ...like], like.length && !found.results.length ? `${none}${words.near}` : none);
  }

  // Show results and what is said of them; the chosen one stays chosen when more come in.
  show(results, said) {
    const chosen = this.shown[this.active]?.result;
    this.results = results;
    this.told = this.query;
    this.said.textContent = said;
    this.help.hidden = results.length > 0;
    const hidden = new Map();
    this.shown = [];
    const after = new Map();
    for (const result of results) {
      if (result.more && !this.open.has(result.group)) {
        hidden.set(result.group, (hidden.get(result.group) ?? 0) + 1);
      } else {
        this.shown.push({ result });
        if (result.group) after.set(result.group, this.shown.length - 1);
      }
    }
    for (const [group, at] of [...after].sort((a, b) => b[1] - a[1]))
      if (hidden.has(group)) this.shown.splice(at + 1, 0, { group, page: this.shown[at].result.page, count: hidden.get(group) });
    this.list.replaceChildren(...this.shown.map((row, n) => (row.group ? this.more(row, n) : this.row(row.result, n))));
    this.input.setAttribute("aria-expanded", String(this.shown.length > 0));
    const again = chosen ? this.shown.findIndex(({ result }) => result && result.page === chosen.page && result.place === chosen.place) : -1;
    this.choose(again >= 0 ? again : this.shown.length ? 0 : -1, again > 0);
  }

  row({ page, place, tier, snippet: found }, n) {
    const cut = found && snippet(found.source, found.wanted);
    const kind = tier === "heading" && place.level === TERM ? "term" : tier;
    const top = place === page.title;
    const heading = snippet(place.heading || page.title.heading, this.marking());
    return make("a", { role: "option", id: `${this.id}-${n}`, tabindex: "-1", href: this.address(page, place), class: "kefu-search-row", "data-tier": tier },
      make("span", { class: "kefu-search-kind" }, words.tiers[kind]),
      make("span", { class: "kefu-search-title" }, ...marked(heading), top ? null : make("span", { class: "kefu-search-page" }, page.title.heading)),
      cut && make("span", { class: "kefu-search-snippet" }, ...marked(cut)));
  }
  marking() {
    return asked(this.meant).words;
  }
  address(page, place) {
    return page.url + (place.anchor && place !== page.title ? `#${encodeURIComponent(place.anchor)}` : "");
  }

  more({ group, page, count }, n) {
    const row = make("div", { role: "option", id: `${this.id}-${n}`, class: "kefu-search-row kefu-search-more" }, words.more(count, page.title.heading));
    row.addEventListener("click", () => {
      this.open.add(group);
      this.show(this.results, this.said.textContent);
      this.choose(n, true);
    });
    return row;
  }

  choose(n, seen = false) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = n;
    const row = this.list.children[n];
    row?.setAttribute("aria-selected", "true");
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    if (seen) row?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the keys belong to the input method
    const count = this.shown.length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      this.choose((this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count, true);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.input.value.trim() !== this.query) this.search();
      else if (this.told === this.query) this.list.children[this.active]?.click();
    }
  }

  click(event) {
    const row = event.target.closest("a[role=option]");
    if (!row) return;
    this.boot.keep(row.href, this.meant);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.left?.();
    if (row.hash && row.href.split("#")[0] === location.href.split("#")[0]) {
      event.preventDefault();
      location.assign(row.href);
      this.boot.arrive();
    }
  }
}

// The dialog, made at its first opening.
let dialog, making;
async function made(boot) {
  const sheet = make("link", { rel: "stylesheet", href: new URL("search.css", base).href });
  const styled = new Promise((done) => (sheet.onload = sheet.onerror = done));
  document.head.append(sheet);
  const close = make("button", { type: "button", class: "kefu-search-close" }, words.close);
  const panel = new Panel(boot, () => dialog.close());
  panel.bar.append(close);
  const made = make("dialog", { class: "kefu-search", "aria-label": words.search }, panel.element);
  close.addEventListener("click", () => made.close());
  made.addEventListener("click", (event) => event.target === made && made.close());
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return; // the field and the button are all that takes the focus
    event.preventDefault();
    (document.activeElement === close ? panel.input : close).focus();
  });
  made.addEventListener("close", () => made.opener?.focus());
  document.body.append(made);
  made.panel = panel;
  await styled;
  return made;
}

// Open the dialog, or close it where it is open; `opener` gets the focus back.
export async function toggle(opener, boot) {
  opened().catch(() => {}); // told when it is searched
  const standing = document.querySelector("#kefu-search-page input");
  if (standing) return standing.focus();
  if (making) return; // the first click is being answered
  try {
    dialog ??= await (making = made(boot));
  } finally {
    making = null;
  }
  if (dialog.open) return dialog.close();
  dialog.opener = opener;
  dialog.showModal();
  dialog.panel.input.focus();
  dialog.panel.input.select();
}

// Fill the search's own page, whose address says what is looked for.
export async function fill(place, boot) {
  document.head.append(make("link", { rel: "stylesheet", href: new URL("search.css", base).href }));
  const panel = new Panel(boot);
  panel.changed = (query) => history.replaceState(null, "", query ? `?${new URLSearchParams({ q: query })}` : location.pathname);
  place.replaceChildren(panel.element);
  panel.input.value = new URLSearchParams(location.search).get("q") ?? "";
  panel.input.focus();
  await panel.search();
}
