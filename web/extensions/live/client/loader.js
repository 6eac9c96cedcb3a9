// What stands in a page with live cells before Python does: it waits for an idle moment or the
// first touch, then starts the engine; it owns each cell's place in the page, its status line and
// its buttons.
import "./live.css";
import * as boot from "./boot.js";
import { words } from "./words.js";

const base = new URL(".", import.meta.url);
const listed = JSON.parse(document.getElementById("live-cells").textContent);
const WIDGET = "application/vnd.jupyter.widget-view+json";

// Import a script of the engine. A browser never asks again for a module that it could not have, so the
// next try asks by another name.
const missed = {};
async function load(name) {
  try {
    return await import(new URL(name + (missed[name] ? `?try=${missed[name]}` : ""), base));
  } catch (error) {
    missed[name] = (missed[name] ?? 0) + 1;
    throw error;
  }
}

// A cell of the page: its source, its place in the page, and the outputs shown there.
class Cell {
  constructor({ index, source, setup, exercise }, number) {
    Object.assign(this, { index, source, setup, exercise, number });
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
    this.button(exercise ? words.write : words.edit, () => this.edit().catch(() => this.say(words.missed)));
    this.tell("live-cell", { offer: (text) => this.offer(text) });
  }

  // Tell whoever listens in the page, such as one who keeps the reader's changes.
  tell(event, detail) {
    const { index, source } = this;
    this.element.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: { index, source, ...detail } }));
  }

  // Offer a text of an earlier visit: one touch puts it into the editor, only another runs it.
  offer(text) {
    this.kept = text;
    this.button(words.restore, () => this.restore().catch(() => this.say(words.missed)));
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
    return (this.opening ??= this.open().catch((error) => {
      this.opening = null; // it may be tried again
      throw error;
    }));
  }

  async open() {
    const { open } = await load("editor.js");
    this.say("");
    this.bar.replaceChildren(...(this.status ? [this.status] : []), this.said);
    this.input.closest("details")?.setAttribute("open", "");
    this.editor = open(this.input, this.source, () => this.run(), (text) => this.tell("live-edit", { text }));
    this.runButton = this.button(`▶ ${this.exercise ? words.check : words.run}`, () => this.run());
    this.button(words.reset, () => this.reset());
    if (this.kept !== undefined) this.offer(this.kept);
    this.stopButton = this.button(words.stop, () => stop(this));
    this.stopButton.disabled = true;
    start();
  }

  async run() {
    const source = this.editor?.text() ?? this.source;
    await (engine?.state === "ended" ? restart() : start());
    if (!engine || engine.state === "ended") return this.say(words.crashed);
    this.say(engine.state === "alive" ? words.running : words.waiting);
    if (this.stopButton) this.stopButton.disabled = false;
    const mine = engine;
    const ok = await mine.run(this, source);
    const check = ok && this.exercise ? cells[cells.indexOf(this) + 1] : null;
    if (check) await mine.run(check, check.editor?.text() ?? check.source);
    if (mine !== engine || mine.state === "ended") return; // stopped, restarted or crashed meanwhile
    if (this.stopButton) this.stopButton.disabled = true;
    this.say(check ? words.checked : "");
    if (check) this.tell("live-checked", { said: check.place?.textContent ?? "" });
  }

  reset() {
    this.editor.reset();
    this.run();
  }

  say(text) {
    if (this.said) this.said.textContent = text;
  }

  // A run begins: its first output replaces what stands here; an error stands beside it instead.
  begin(quiet) {
    this.quiet = quiet;
    this.fresh = true;
    this.outputs.filter((o) => o.dataset.live === "error").forEach((o) => o.remove());
  }

  add(element, output) {
    if (!this.element) return;
    if (!this.place) {
      this.place = document.createElement("div");
      this.place.className = "cell_output docutils container";
      this.element.append(this.place);
    }
    element.dataset.live = output.output_type;
    if (output.output_type !== "error" && (this.fresh || this.clearNext)) this.clearNow();
    if (output.data?.[WIDGET]) this.alive = true;
    this.place.append(element);
    this.outputs.push(element);
  }

  clear(wait) {
    if (wait) this.clearNext = true;
    else this.clearNow();
  }

  clearNow() {
    this.fresh = this.clearNext = false;
    for (const part of [...this.stored.splice(0), ...this.outputs.splice(0)]) part.remove();
  }

  end(ok) {
    if (ok && this.fresh && !this.quiet) this.clearNow();
    this.quiet = this.fresh = false;
  }
}

const cells = listed.map((cell, place) => new Cell(cell, place + 1));
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
  for (const cell of cells) {
    if (!cell.status) continue;
    cell.status.dataset.state = state;
    cell.status.textContent = words[state];
    if (state === "failed") {
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = words.retry;
      again.onclick = restart;
      cell.status.append(" ", again);
    }
  }
  if (state === "failed") for (const cell of cells) if (cell.stopButton && !cell.stopButton.disabled) {
    cell.stopButton.disabled = true;
    cell.say(words.crashed);
  }
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

// Queue every cell's first run, a quiet one: stored outputs stay as they are, only widgets and errors
// are shown.
function queued(launched) {
  for (const [place, { index, number, source }] of cells.entries()) {
    launched.worker.postMessage({ type: "run", code: source, cell: String(index), number, run: place + 1, quiet: true });
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
  for (const cell of cells) if (cell.status) cell.status.textContent = boot.asked ? words.touch : words.starting;
  for (const event of ["pointerdown", "keydown", "touchstart"]) addEventListener(event, () => start(), { once: true, passive: true });
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  const soon = () => idle(() => start(), { timeout: 500 });
  if (boot.calm && !boot.asked && document.readyState !== "complete") addEventListener("load", soon, { once: true });
  else if (!boot.asked) soon();
}
