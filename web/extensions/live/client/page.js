// The page's side: starts the worker, bridges its comms to the standard ipywidgets front end, and
// puts each cell's first live widget in the place of its static picture.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import "@lumino/widgets/style/index.css";
import "@jupyter-widgets/html-manager/css/output.css";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets.css";

import * as widgets from "@jupyter-widgets/base";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import fronts from "live-fronts";

import { CALM } from "./patience.js";
import { words } from "./words.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const base = new URL(".", import.meta.url);

// ipywidgets typesets its labels by MathJax 2's call. The page's own formulas are set already, so MathJax
// (3, the site's own) is only fetched when a widget shows a formula.
let mathjax = null;
function fetched() {
  mathjax ??= new Promise((resolve, reject) => {
    window.MathJax = { options: { enableMenu: false }, startup: { typeset: false }, tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]] } };
    const script = document.createElement("script");
    Object.assign(script, { src: document.getElementById("live-cells").dataset.math, onload: resolve, onerror: reject });
    document.head.append(script);
  }).then(() => window.MathJax.startup.promise);
  return mathjax;
}
async function typeset([, , element]) {
  if (!/\$[^$]+\$|\\\(|\\\[/.test(element.textContent)) return;
  if (!window.MathJax.typesetPromise) await fetched();
  await window.MathJax.typesetPromise([element]);
}
function bridgeMath() {
  window.MathJax ??= {};
  window.MathJax.Hub ??= { Queue: (call) => void typeset(call).catch(console.warn) };
}

// The theme's Font Awesome puts drawings in the place of icons; ipywidgets keeps hold of the icons
// (play, pause, taking a tag away), so in a page with widgets they stay and the theme's font shows them.
function keepIcons() {
  window.FontAwesome?.noAuto();
}

// The policy has no word for what <meta http-equiv="refresh"> and <link rel="preconnect"> do, and a browser
// connects to a frame's host before it looks at the policy: in what a cell shows, these tags stay text.
const tame = (html) => html.replace(/<(?=(link|meta|base|iframe)\b)/gi, "&lt;");
function tamed(value) {
  if (typeof value === "string") return tame(value);
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(tamed) : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tamed(part)]));
}
const SHOWS = /^(HTML|HTMLMath|Output|Any)(Model|View)$/; // what puts markup from Python into the page
const shows = ({ state = {} }) => SHOWS.test(state._model_name) || SHOWS.test(state._view_name);

// What @jupyter-widgets/base expects of a classic comm, over postMessage.
class Comm {
  constructor(engine, id, target) {
    this.comm_id = id;
    this.target_name = target;
    this.engine = engine;
    this.handlers = {};
    engine.comms.set(id, this);
  }
  post(type, data, callbacks, metadata, buffers) {
    const msg_id = `m${++this.engine.sent}`;
    if (callbacks) this.engine.waiting.set(msg_id, callbacks);
    this.engine.spoke = performance.now();
    const { comm_id, target_name } = this;
    const text = JSON.stringify({ type, comm_id, target_name, data, metadata, msg_id });
    const copies = (buffers ?? []).map((b) => (b.buffer ? b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength) : b.slice(0)));
    this.engine.worker.postMessage({ type: "comm", text, buffers: copies }, copies);
    return msg_id;
  }
  open(data, callbacks, metadata, buffers) { return this.post("comm_open", data, callbacks, metadata, buffers); }
  send(data, callbacks, metadata, buffers) { return this.post("comm_msg", data, callbacks, metadata, buffers); }
  close(data, callbacks, metadata, buffers) { return this.post("comm_close", data, callbacks, metadata, buffers); }
  on_msg(handler) { this.handlers.msg = handler; }
  on_close(handler) { this.handlers.close = handler; }
}

// A widget of the book's own package, by anywidget's protocol: its front end is one of the page's scripts, so
// that no policy has to allow a script that travels as text.
class FrontView extends widgets.DOMWidgetView {
  render() {
    const id = this.model.get("_anywidget_id");
    if (!fronts[id]) throw new Error(`${id}: ${words.foreign}`);
    this.undo = fronts[id].render({ model: this.model, el: this.el });
  }
  remove() {
    this.undo?.();
    return super.remove();
  }
}

// Jupyter's HTMLManager would bring ipywidgets 7 and JupyterLab's outputs into every page, two thirds of the
// script: an Output widget's part travels when a cell first shows one.
class Manager extends ManagerBase {
  constructor(engine) {
    super();
    this.engine = engine;
    this.views = new Set();
    addEventListener("resize", () => {
      for (const { luminoWidget } of this.views) MessageLoop.postMessage(luminoWidget, Widget.ResizeMessage.UnknownSize);
    });
  }
  async loadClass(name, module) {
    const found = await this.module(module);
    if (!found?.[name]) throw new Error(`${module}.${name}: ${words.foreign}`);
    return found[name];
  }
  async module(name) {
    switch (name) {
      case "@jupyter-widgets/base":
        return widgets;
      case "@jupyter-widgets/controls":
        return controls;
      case "@jupyter-widgets/output": {
        const { outputs, rendering } = await import("./outputs.js");
        this.renderMime ??= rendering(this);
        return outputs;
      }
      case "anywidget":
        return { AnyModel: widgets.DOMWidgetModel, AnyView: FrontView };
    }
  }
  display(view, element) {
    Widget.attach(view.luminoWidget, element);
    this.views.add(view);
    view.once("remove", () => this.views.delete(view));
  }
  async _get_comm_info() {
    return {};
  }
  async _create_comm(target, id, data, metadata, buffers) {
    const comm = new Comm(this.engine, id, target);
    if (data || metadata) comm.open(data, undefined, metadata, buffers);
    return comm;
  }
}

export class Engine {
  // `launched` is a worker that has been told to start and to run all cells, with what it has said.
  constructor(cells, tell, launched) {
    this.cells = cells;
    this.tell = tell; // tell(state, text)
    this.comms = new Map();
    this.waiting = new Map();
    this.shown = new Set(); // comms of widgets that show markup
    this.runs = new Map();
    this.left = cells.filter(({ setup }) => !setup); // those whose first run is to come
    this.sent = 0;
    this.spoke = -Infinity;
    this.work = Promise.resolve();
    this.state = "starting";
    this.begun = performance.timeOrigin + performance.now();
    this.manager = new Manager(this);
    this.worker = launched.worker;
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = (event) => this.fail(event.message || "worker");
    if (launched.failed) this.fail(launched.failed);
    else {
      launched.said.splice(0).forEach((message) => this.receive(message));
      this.resting = this.rest();
    }
  }

  // The first runs, one by one, quiet ones: stored outputs stay as they are, only widgets and errors are shown.
  // The demo that the reader has in sight, or next below, comes first; the others wait while a control is being
  // moved, so that it answers as quickly as later. A demo that depends on no other cell (`alone`) goes before the
  // cells that are only there for a reader who changes code.
  async rest() {
    while (this.left.length && this.state !== "ended") {
      const ahead = this.left.findIndex(({ alone, element }) => alone && element.getBoundingClientRect().bottom > 0);
      const at = ahead < 0 ? Math.max(this.left.findIndex(({ alone }) => alone), 0) : ahead;
      const [cell] = this.left.splice(at, 1);
      await this.post(cell, cell.source, true);
      if (!this.hurried) await this.rested();
    }
    if (this.state === "ended") return;
    this.state = "alive";
    this.tell("alive", this.way);
  }

  // Resolves when what the reader did meanwhile has been seen to and no control has been moved for a moment.
  async rested() {
    const left = () => CALM - (performance.now() - this.spoke);
    do await new Promise((resolve) => setTimeout(resolve, left()));
    while (!this.hurried && left() > 0);
  }

  end() {
    this.state = "ended";
    this.worker?.terminate();
    this.runs.forEach((finish) => finish(false));
    this.runs.clear();
  }

  fail(text) {
    this.end();
    this.tell("failed", text);
  }

  // Run a cell for the reader, when all that comes before it has run; resolves to whether it ran without error
  // once all its output is shown.
  async run(cell, source) {
    this.hurried = true;
    await this.resting;
    return this.post(cell, source);
  }

  post(cell, source, quiet = false) {
    if (this.state === "ended") return false;
    const run = ++this.sent;
    const finished = new Promise((resolve) => this.runs.set(run, resolve));
    this.worker.postMessage({ type: "run", code: source, cell: String(cell.index), number: cell.number, run, quiet });
    return finished;
  }

  receive(message) {
    switch (message.type) {
      case "ready":
        this.way = message.way;
        this.memory = message.memory;
        this.judged = message.judged;
        this.times = { "page started": this.begun, ...message.times, ready: performance.timeOrigin + performance.now() };
        break;
      case "failed":
        this.fail(message.text);
        break;
      case "log":
        console.info(message.text);
        break;
      case "kernel":
        this.receive({ ...JSON.parse(message.text), buffers: message.buffers });
        break;
      case "idle": {
        const callbacks = this.waiting.get(message.msg_id);
        this.waiting.delete(message.msg_id);
        callbacks?.iopub?.status?.({ content: { execution_state: "idle" } });
        break;
      }
      default: // in order, each after the one before: models must exist before their views
        this.work = this.work.then(() => this.handle(message)).catch((error) => console.error(error));
    }
  }

  async handle(message) {
    if (this.state === "ended") return;
    bridgeMath();
    if (message.type === "comm_open" && shows(message.data)) this.shown.add(message.comm_id);
    if (this.shown.has(message.comm_id)) message.data = tamed(message.data);
    const buffers = (message.buffers ?? []).map((b) => new DataView(b));
    const envelope = {
      content: { comm_id: message.comm_id, target_name: message.target_name, data: message.data },
      metadata: message.metadata,
      buffers,
      header: {},
      parent_header: {},
    };
    switch (message.type) {
      case "comm_open":
        if (message.target_name === "jupyter.widget") {
          await this.manager.handle_comm_open(new Comm(this, message.comm_id, message.target_name), envelope);
        }
        break;
      case "comm_msg":
        await this.comms.get(message.comm_id)?.handlers.msg?.(envelope);
        break;
      case "comm_close":
        this.comms.get(message.comm_id)?.handlers.close?.(envelope);
        this.comms.delete(message.comm_id);
        break;
      case "output":
        await this.show(message.cell, message.output);
        break;
      case "clear":
        this.cell(message.cell)?.clear(message.wait);
        break;
      case "begin":
        this.cell(message.cell)?.begin(message.quiet);
        break;
      case "done": {
        this.cell(message.cell)?.end(message.ok);
        this.times["first cell done"] ??= message.run && message.at; // the set-up's have no number
        this.times["cells done"] = message.at;
        this.runs.get(message.run)?.(message.ok);
        this.runs.delete(message.run);
      }
    }
  }

  cell(index) {
    return this.cells.find((cell) => String(cell.index) === index);
  }

  async show(index, output) {
    const cell = this.cell(index);
    if (!cell || (cell.quiet && output.output_type !== "error" && !output.data?.[WIDGET])) return;
    const last = cell.outputs.at(-1)?.querySelector(`:scope > .live-text-${output.name}`);
    if (output.output_type === "stream" && last && !cell.fresh && !cell.clearNext) {
      last.append(output.text);
      return;
    }
    const element = await this.render(output);
    await cell.rest?.();
    cell.add(element, output);
  }

  // Return the element of one output, as a notebook shows it.
  async render(output) {
    const element = document.createElement("div");
    element.className = `live-${output.output_type}`;
    if (output.output_type === "stream") return pre(element, output.text, output.name);
    if (output.output_type === "error") return explained(pre(element, output.traceback.join("\n"), "error"), output.why);
    const data = output.data;
    if (data[WIDGET]) {
      keepIcons();
      const model = await this.manager.get_model(data[WIDGET].model_id);
      const view = await this.manager.create_view(model);
      this.manager.display(view, attached(element));
      element.leave = () => view.luminoWidget.dispose(); // what it listens to goes with it
      new MutationObserver(() => speak(element)).observe(element, { childList: true, subtree: true, attributeFilter: ["class"] });
      speak(element);
    } else if (data["text/html"]) {
      element.innerHTML = tame(data["text/html"]);
    } else if (data["image/svg+xml"]) {
      element.append(picture(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(data["image/svg+xml"])}`));
    } else if (data["image/png"] || data["image/jpeg"]) {
      const kind = data["image/png"] ? "image/png" : "image/jpeg";
      element.append(picture(`data:${kind};base64,${data[kind]}`));
    } else {
      return pre(element, data["text/markdown"] ?? data["text/latex"] ?? data["text/plain"] ?? "", "result");
    }
    return element;
  }
}

// What ipywidgets leaves unsaid to a screen reader, or says wrongly ("null" for no tooltip).
let groups = 0;
function speak(element) {
  for (const name of ["title", "placeholder", "aria-label"])
    for (const part of element.querySelectorAll(`[${name}="null"]`)) part.removeAttribute(name);
  for (const input of element.querySelectorAll("input, textarea, select, .noUi-handle")) {
    const label = input.closest(".jupyter-widgets, .widget-slider")?.querySelector(".widget-label")?.textContent.trim();
    if (label && !input.labels?.length && !input.ariaLabel) input.ariaLabel = label;
  }
  for (const box of element.querySelectorAll(".widget-radio-box")) {
    box.id ||= `live-radio-${++groups}`; // radio buttons of one name are one group, for arrow keys too
    for (const radio of box.querySelectorAll("input")) radio.name = box.id;
  }
  for (const tags of element.querySelectorAll(".jupyter-widget-tagsinput:not([role])")) {
    Object.assign(tags, { role: "group", tabIndex: 0 }); // its field hides until the box is pressed
    tags.addEventListener("focus", (event) => {
      if (!tags.contains(event.relatedTarget)) setTimeout(() => document.activeElement === tags && tags.click());
    });
  }
  for (const head of element.querySelectorAll(".jupyter-widget-Collapse-header:not([role])")) {
    Object.assign(head, { role: "button", tabIndex: 0 });
    head.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") event.preventDefault(), head.click();
    });
  }
  for (const head of element.querySelectorAll(".jupyter-widget-Collapse-header"))
    head.ariaExpanded = String(!head.nextElementSibling?.classList.contains("lm-mod-hidden"));
  for (const image of element.querySelectorAll("img:not([alt])")) image.alt = words.picture;
  for (const button of element.querySelectorAll(".jupyter-button")) {
    const icon = ["play", "pause", "stop", "retweet"].find((name) => button.querySelector(`.fa-${name}`));
    if (icon && !button.textContent.trim()) button.ariaLabel = words[icon];
  }
}

// Lumino attaches widgets only to elements in the document.
function attached(element) {
  nursery.append(element);
  return element;
}
const nursery = document.createElement("div");
nursery.className = "live-nursery";
nursery.setAttribute("aria-hidden", "true");
document.body.append(nursery);

function pre(element, text, name) {
  const block = document.createElement("pre");
  block.className = `live-text live-text-${name}`;
  block.textContent = text;
  element.append(block);
  return element;
}

// What an error means stands under its traceback.
function explained(element, why) {
  if (why) element.append(Object.assign(document.createElement("p"), { className: "live-why", textContent: why }));
  return element;
}

function picture(source) {
  const image = new Image();
  image.src = source;
  image.alt = words.picture;
  return image;
}
