// What stands in a page with live cells before Python does: it waits for an idle moment or the
// first touch, then starts the engine; it owns each cell's place in the page, its status line and
// its buttons.
import "./live.css";
import { deliver, waiting } from "./waiting.js";
import { PATIENCE } from "./patience.js";
import { words } from "./words.js";

const boot = window.liveBoot; // boot.js, which stands in the page
const base = new URL(".", import.meta.url);
const listed = JSON.parse(document.getElementById("live-cells").textContent);
const WIDGET = "application/vnd.jupyter.widget-view+json";

// Import a script of the engine. A browser never asks again for a module that it could not have, so the
// next try asks by another name; so it does where no answer came in time.
const missed = {};
async function load(name) {
  try {
    const late = new Promise((_, reject) => setTimeout(reject, 2 * PATIENCE, new Error(`${name}: no answer`)));
    return await Promise.race([import(new URL(name + (missed[name] ? `?try=${missed[name]}` : ""), base)), late]);
  } catch (error) {
    missed[name] = (missed[name] ?? 0) + 1;
    throw error;
  }
}

// Whether the site has another edition by now, whose files have other names: then the page itself, asked for
// anew, names another engine, or is no more.
async function replaced() {
  try {
    const response = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE / 3) });
    const [, engine] = (await response.text()).match(/\/_static\/live\/(\w+)\//) ?? [];
    return [404, 410].includes(response.status) || (response.ok && engine !== undefined && !base.pathname.endsWith(`/${engine}/`));
  } catch {
    return false; // no network, which a new load of the page would not mend
  }
}

// Offer in a place what alone helps then. Whoever keeps the reader's work in the page does so, or says that he cannot.
function renew(place) {
  const keep = () => document.dispatchEvent(new Event("live-renew", { cancelable: true }));
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.renew });
  button.onclick = () => (keep(), location.reload());
  place.replaceChildren(keep() ? words.old : words.unkept, " ", button);
}

// A cell of the page: its source, its place in the page, and the outputs shown there.
class Cell {
  constructor({ index, id, source, setup, exercise, alone }, number) {
    Object.assign(this, { index, id, source, setup, exercise, alone, number });
    this.element = document.getElementById(`live-cell-${index}`);
    this.place = this.element?.querySelector(".cell_output"); // in a <details> where the book hides it
    this.input = this.element?.querySelector(".cell_input");
    this.stored = this.place ? [...this.place.children] : []; // what the book shows without Python
    this.demo = this.stored.some((part) => part.querySelector(".live-picture"));
    this.bar = this.element?.querySelector(".live-bar");
    this.status = this.bar?.querySelector(".live-status");
    this.outputs = [];
    if (!this.bar || !this.input) return;
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    this.bar.append(this.said);
    const begin = this.button(exercise ? words.write : words.edit, () => this.edit().catch(() => this.missing(words.missed)));
    if (this.demo) begin.replaceChildren("✎"), (begin.ariaLabel = begin.title = words.edit);
    this.tell("live-cell", { offer: (text) => this.offer(text) });
  }

  // Tell whoever listens in the page, such as one who keeps the reader's changes.
  tell(event, detail) {
    const { id, source } = this;
    this.element.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: { id, source, say: (words) => this.say(words), ...detail } }));
  }

  // Offer a text of an earlier visit: one touch puts it into the editor, only another runs it.
  offer(text) {
    this.kept = text;
    this.element.classList.add("live-offer");
    this.button(words.restore, () => this.restore().catch(() => this.missing(words.missed)));
  }

  async restore() {
    if (!this.editor) await this.edit();
    this.editor.write(this.kept);
    this.say(words.restored);
  }

  button(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.onclick = act;
    this.bar.insertBefore(button, this.status ?? this.said);
    return button;
  }

  // Open the editor in the place of the code; its text survives restarts of Python.
  edit() {
    if (!this.opening) this.say(words.opening);
    return (this.opening ??= this.open().catch((error) => {
      this.opening = null; // it may be tried again
      throw error;
    }));
  }

  async open() {
    const { open } = await load("editor.js");
    this.say("");
    this.element.classList.add("live-open");
    this.bar.replaceChildren(...(this.status ? [this.status] : []), this.said);
    this.input.closest("details")?.setAttribute("open", "");
    this.editor = open(this.input, this.source, () => this.run(), (text) => this.tell("live-edit", { text }));
    this.runButton = this.button(`▶ ${this.exercise ? words.check : words.run}`, () => this.run());
    this.button(words.reset, () => this.reset());
    if (this.kept !== undefined) this.offer(this.kept);
    this.stopButton = this.button(words.stop, () => stop(this));
    this.stopButton.disabled = true;
    this.arrange();
    const { holder } = this.editor;
    if (holder.getBoundingClientRect().top < lid()) scrollBy({ top: holder.getBoundingClientRect().top - lid(), behavior: motion() });
    start();
  }

  // The live cell that checks an exercise.
  get check() {
    return this.exercise ? cells[cells.indexOf(this) + 1] : undefined;
  }

  // What a run shows stands right below its buttons; what a check says, below its exercise's.
  arrange() {
    if (this.check?.room()) this.bar.after(this.check.place);
    if (this.room() && !this.element.contains(this.place)) this.element.append(this.place);
  }

  async run() {
    const source = this.editor?.text() ?? this.source;
    const { check } = this;
    this.arrange();
    this.bar?.classList.remove("live-won");
    if (engine?.state !== "alive") this.say(words.waiting);
    await (engine?.state === "ended" ? restart() : start());
    if (!engine || engine.state === "ended") return this.missing(words.crashed);
    this.say(engine.state === "alive" ? words.running : words.waiting);
    if (this.stopButton) this.stopButton.disabled = false;
    const mine = engine;
    const ok = await mine.run(this, source);
    if (check && ok) await mine.run(check, check.editor?.text() ?? check.source);
    if (mine !== engine || mine.state === "ended") return; // stopped, restarted or crashed meanwhile
    if (this.stopButton) this.stopButton.disabled = true;
    const said = ok && check ? (check.place?.textContent ?? "").trim().split("\n").at(-1) : "";
    const won = said.includes(words.won);
    this.say(ok ? said : words.wrong);
    this.bar?.classList.toggle("live-won", won);
    if (check && !ok) check.clearNow(); // what it said was of another text
    if (check && ok) this.tell("live-checked", { won });
    const error = this.place.querySelector(":scope > [data-live='error']");
    this.reveal(error ?? (check ? check.place : this.place.firstElementChild), error || check);
  }

  // Bring what a run showed into sight, all of it or its beginning, as far as its buttons can stay there too.
  reveal(part, all) {
    if (!part || !this.bar) return;
    const { top, bottom } = part.getBoundingClientRect();
    const end = all ? bottom : Math.min(bottom, top + innerHeight / 2);
    const way = Math.min(end + FOOT - innerHeight, this.bar.getBoundingClientRect().top - lid());
    if (way > 0) scrollBy({ top: way, behavior: motion() });
  }

  reset() {
    this.editor.reset();
    this.run();
  }

  say(text) {
    if (this.said) this.said.textContent = text;
  }

  // Show how its demo stands, with a way to try again where it failed.
  show(state) {
    if (!this.status || this.status.dataset.state === state) return; // it is said but once
    this.status.dataset.state = state;
    this.status.textContent = words[state];
    if (state !== "failed") return;
    this.status.append(" ", Object.assign(document.createElement("button"), { type: "button", textContent: words.retry, onclick: restart }));
  }

  // Say what went wrong, or that the page is of an old edition.
  async missing(text) {
    if (await replaced()) renew(this.said);
    else this.say(text);
  }

  // A run begins: its first output replaces what stands here.
  begin(quiet) {
    this.quiet = quiet;
    this.fresh = true;
    this.outputs.filter((o) => o.dataset.live === "error").forEach((o) => o.remove());
  }

  add(element, output) {
    if (!this.room()) return;
    element.dataset.live = output.output_type;
    const failed = output.output_type === "error";
    if (failed && this.fresh && !this.quiet) return this.fail(element);
    const focus = this.focused?.();
    if (!failed && (this.fresh || this.clearNext)) this.clearNow();
    if (output.data?.[WIDGET]) this.alive = true;
    this.place.append(element);
    this.outputs.push(element);
    if (focus) requestAnimationFrame(() => focus(element)); // its parts come a moment later
    if (this.alive) this.show("alive"), deliver(this);
  }

  // A reader's run failed before it showed anything. A result of an earlier run would look like its own, so
  // it goes. A demo stays: a slip of typing is no reason to lose it, and it still works; but the error stands
  // first, in sight of the buttons, and a line says that what follows is older.
  fail(element) {
    const older = [...this.stored, ...this.outputs].some((part) => part.querySelector(".live-picture, .jupyter-widgets"));
    if (!older) this.clearNow();
    this.place.prepend(element);
    this.outputs.push(element);
    if (older) element.append(Object.assign(document.createElement("p"), { className: "live-older", textContent: words.older }));
  }

  // Return the place of the cell's outputs, made where the book shows none.
  room() {
    if (!this.place && this.element) {
      this.place = document.createElement("div");
      this.place.className = "cell_output docutils container";
      this.element.append(this.place);
    }
    return this.place;
  }

  clear(wait) {
    if (wait) this.clearNext = true;
    else this.clearNow();
  }

  clearNow() {
    this.fresh = this.clearNext = false;
    for (const part of [...this.stored.splice(0), ...this.outputs.splice(0)]) part.leave?.(), part.remove();
  }

  end(ok) {
    if (ok && this.fresh && !this.quiet) this.clearNow();
    this.quiet = this.fresh = false;
  }
}

// How far down the page's header reaches, room below what is shown for the button to the top, and whether to glide.
const lid = () => parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
const FOOT = 96;
const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

const cells = listed.map((cell, place) => new Cell(cell, place + 1));
if (boot.able) for (const cell of cells) {
  if (cell.place?.querySelector(".live-states")) load("play.js").then(({ play }) => cell.alive || play(cell), () => waiting(cell));
  else if (cell.demo) waiting(cell);
}
let engine = null;
let starting = null;
let early = boot.early && queued(boot.early); // the worker starts beside the page; what needs the page's own thread waits till it is idle

function tell(state, text = "") {
  document.documentElement.dataset.live = state;
  if (state === "alive") {
    document.documentElement.dataset.liveWay = text;
    performance.mark("live-alive");
  }
  if (state === "failed") console.error(text);
  for (const cell of cells) cell.show(state);
  if (state === "failed") for (const cell of cells) if (cell.stopButton && !cell.stopButton.disabled) {
    cell.stopButton.disabled = true;
    cell.missing(words.crashed);
  }
  if (state === "failed") replaced().then((old) => {
    if (old) for (const { status } of cells) if (status?.dataset.state === "failed") renew(status);
  });
}

function styled() {
  const whole = document.getElementById("whole-style"); // of a theme cut down to what the book uses
  if (whole) whole.disabled = false;
  return new Promise((resolve) => {
    if (document.getElementById("live-style")) return resolve();
    const link = document.createElement("link");
    Object.assign(link, { id: "live-style", rel: "stylesheet", href: new URL("page.css", base) });
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

// Queue the set-up's runs; the page's engine asks for the others: see Engine.rest().
function queued(launched) {
  for (const { setup, index, number, source } of cells) {
    if (setup) launched.worker.postMessage({ type: "run", code: source, cell: String(index), number, quiet: true });
  }
  return launched;
}

// Start the engine once; every caller waits for the same start.
function start() {
  starting ??= (async () => {
    let launched;
    try {
      tell("starting");
      launched = early ?? queued(boot.launch());
      early = null;
      const [{ Engine }] = await Promise.all([load("page.js"), styled()]);
      engine = new Engine(cells, tell, launched);
      window.liveEngine = engine;
    } catch (error) {
      launched?.worker.terminate();
      starting = engine = null;
      tell("failed", String(error));
    }
  })();
  return starting;
}

// End Python, whatever it does, and start it anew; what the reader wrote stays in the editors.
function restart() {
  engine?.end();
  starting = engine = null;
  return start();
}

function stop(cell) {
  restart();
  cell.stopButton.disabled = true;
  cell.say(words.stopped);
}

if (boot.able) {
  for (const cell of cells) cell.show(boot.asked ? "touch" : "starting");
  for (const event of ["pointerdown", "keydown", "touchstart"]) addEventListener(event, () => start(), { once: true, passive: true });
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  const soon = () => idle(() => start(), { timeout: 500 });
  if (boot.calm && !boot.asked && document.readyState !== "complete") addEventListener("load", soon, { once: true });
  else if (!boot.asked) soon();
} else for (const { status } of cells) if (status) status.dataset.state = "unable";
