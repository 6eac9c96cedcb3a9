import { number } from "./number.js";
// What a hand moves in a demo, by anywidget's protocol: a slider, or a picture with parts to take and press.
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
// An Enter that ends what an input method composes; Safari sends it when the composition is over, as 229.
const composes = (event) => event.isComposing || event.keyCode === 229;
const FAR = 6; // pixels after which a finger no longer rests
let named = 0;

// Follow a pointer until it is lifted. A finger that goes up or down scrolls the page (`touch-action`), and
// the browser takes the pointer back.
function follow(event, move, end = () => {}) {
  const own = (act) => (next) => next.pointerId === event.pointerId && act(next);
  const moved = own(move);
  const over = own((next) => {
    for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, over);
    removeEventListener("pointermove", moved);
    end(next);
  });
  addEventListener("pointermove", moved);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, over);
}

function slider(model, el) {
  const id = `kefu-slider-${++named}`;
  const at = (name) => model.get(name);
  const digits = () => Number(/\.(\d)f/.exec(at("readout_format"))?.[1] ?? 0);
  const say = (value) => value.toFixed(digits());
  const step = (value) => Number(clamp(at("min") + Math.round((value - at("min")) / at("step")) * at("step"), at("min"), at("max")).toFixed(9));

  const field = make("input", { type: "text", inputmode: at("min") < 0 ? "text" : "decimal", autocomplete: "off", id, class: "kefu-field" });
  const range = make("input", { type: "range", class: "kefu-range" });
  const fault = make("p", { class: "kefu-fault", role: "alert", hidden: "" });
  const track = make("div", { class: "kefu-track" }, range);
  const by = (sign, word) => {
    const button = make("button", { type: "button", class: "kefu-step", "aria-label": `${at("description")}${word}${Number(at("step").toFixed(9))}` }, sign);
    button.onclick = () => set(step(at("value") + (sign === "+" ? 1 : -1) * at("step")));
    return button;
  };
  const name = make("label", { class: "kefu-name", for: id }, at("description"));
  range.setAttribute("aria-label", at("description"));
  el.classList.add("kefu-slide");
  el.replaceChildren(make("div", { class: "kefu-head" }, name, field), make("div", { class: "kefu-bar" }, by("−", "减"), track, by("+", "加")), fault);

  function show(_model, _value, { whole = false } = {}) {
    const value = at("value");
    Object.assign(range, { min: at("min"), max: at("max"), step: at("step"), value });
    range.setAttribute("aria-valuetext", say(value));
    track.style.setProperty("--along", (value - at("min")) / (at("max") - at("min")));
    if (whole || document.activeElement !== field || Number(field.value) !== value) field.value = say(value);
    fault.hidden = true;
    field.removeAttribute("aria-invalid");
  }
  function set(value) {
    if (value === at("value")) return show(model, value, { whole: true });
    model.set("value", value);
    model.save_changes();
  }

  range.oninput = () => set(step(range.valueAsNumber));
  // The whole card's width answers: a mouse goes to where it presses, a finger moves the knob by what it moves.
  track.onpointerdown = (event) => {
    if (event.button || at("disabled")) return;
    const touch = event.pointerType === "touch";
    const { left, width } = track.getBoundingClientRect();
    const knob = 24;
    const there = (x) => at("min") + ((x - left - knob / 2) / (width - knob)) * (at("max") - at("min"));
    const offset = touch ? at("value") - there(event.clientX) : 0;
    let taken = !touch;
    if (!touch) {
      event.preventDefault();
      range.focus({ preventScroll: true });
      set(step(there(event.clientX)));
    }
    follow(event, (next) => {
      taken ||= Math.abs(next.clientX - event.clientX) > FAR;
      if (taken) set(step(there(next.clientX) + offset));
    });
  };

  field.onchange = () => {
    const { value, fault: wrong } = number(field.value.replace(/^([^,，]*)[,，](\d{1,2})$/, "$1.$2"));
    const low = say(at("min"));
    const high = say(at("max"));
    const said = wrong ?? (value < at("min") || value > at("max") ? `${at("description")}请填${low}到${high}之间的数，你填的是${value}。` : "");
    if (!said) return set(step(value));
    fault.textContent = said;
    fault.hidden = false;
    field.setAttribute("aria-invalid", "true");
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !composes(event)) field.onchange();
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      set(step(at("value") + (event.key === "ArrowUp" ? 1 : -1) * at("step")));
    }
  };
  el.addEventListener("kefu-set", ({ detail }) => set(step(detail)));
  for (const part of el.querySelectorAll("input, button")) part.dataset.lmSuppressShortcuts = "true"; // or JupyterLab would take the keys
  const events = ["value", "min", "max", "step"].map((part) => `change:${part}`).join(" ");
  model.on(events, show);
  show();
  return () => model.off(events, show);
}

// A line of text that is sent as a whole: by its button or by Enter, not while an input method composes.
function line(model, el) {
  const id = `kefu-line-${++named}`;
  const at = (name) => model.get(name);
  const field = make("input", { type: "text", id, class: "kefu-words", placeholder: at("placeholder"), autocomplete: "off", enterkeyhint: "send" });
  const send = make("button", { type: "button", class: "kefu-press" }, at("send"));
  el.classList.add("kefu-line");
  el.replaceChildren(make("label", { class: "kefu-name", for: id }, at("description")), make("div", { class: "kefu-bar" }, field, send));
  const show = () => (field.value = at("value"));
  const tell = () => {
    if (field.value === at("value")) return;
    model.set("value", field.value);
    model.save_changes();
  };
  send.onclick = tell;
  if (!at("whole")) field.onblur = tell;
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !composes(event)) tell(); // a handler that returns false would take the key
  };
  for (const part of [field, send]) part.dataset.lmSuppressShortcuts = "true";
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}

// What a handle says of an axis: the control's name, value and step, its range and the pixels of both ends.
const axis = (handle, which) => JSON.parse(handle.dataset[which] ?? "null");
function value({ min, max, low, high, stops = [] }, pixel) {
  const at = (stop) => low + ((stop - min) / (max - min)) * (high - low);
  const near = stops.find((stop) => Math.abs(at(stop) - pixel) < FAR);
  return near ?? clamp(min + ((pixel - low) / (high - low)) * (max - min), min, max);
}
const key = (handle) => ["x", "y"].map((which) => axis(handle, which)?.name).join("|");

// What moves from one state to the next stays the same element and takes over how the new one looks.
function keep(old, now) {
  if (old?.childElementCount !== now.childElementCount) return;
  const pairs = [[old, now], ...[...old.children].map((part, place) => [part, now.children[place]])];
  now.replaceWith(old);
  void old.offsetWidth; // it has its old look before it changes
  for (const [mine, other] of pairs) {
    mine.className = other.className;
    Object.assign(mine.dataset, other.dataset);
  }
}

// A span of time that runs: people as dots, moved from frame to frame to where they stand at that moment, as
// `film.Film` says. `stopped` is told the minute at which it stops, and the one that the picture shows.
function film(root, button, stopped) {
  const { people, length, seconds, long, lines, held, pile, cursor, since = 0, says = [], each = {} } = JSON.parse(root.dataset.film);
  const paths = Object.fromEntries([...root.querySelectorAll("[data-dots]")].map((one) => [one.dataset.dots, one]));
  const told = Object.fromEntries([...root.querySelectorAll("[data-told]")].map((one) => [one.dataset.told, one]));
  const rolls = [...root.querySelectorAll("[data-says]")]; // lines that roll, the newest last
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches; // then it steps, and nothing glides
  const grid = ({ x, y, dx, dy, rows }, rank) => [x + Math.floor(rank / rows) * dx, y + (rank % rows) * dy];
  const where = people.map(() => null);
  const { now: start } = axis(told.cursor.querySelector(".kefu-grip"), "x"); // the minute that the picture shows
  let now = since;
  let last = 0;
  let running = true;

  function draw(glide) {
    const ranks = lines.map(() => 0);
    const count = { robot: 0, waits: 0, long: 0, talks: 0, left: 0 };
    const drawn = { robot: "", waits: "", long: "", talks: "", left: "" };
    people.forEach(([at, robot, asked, taken, ended, line, x, y, left], i) => {
      let kind, to;
      if (at <= now && now < robot) [kind, to] = ["robot", grid(held, count.robot)];
      else if (asked >= 0 && asked <= now && now < taken) [kind, to] = [now - asked > long ? "long" : "waits", grid(lines[line], ranks[line]++)];
      else if (x && taken <= now && now < ended) [kind, to] = ["talks", [x, y]];
      else if (left && now >= ended) [kind, to] = ["left", grid(pile, count.left)];
      else return void (where[i] = null);
      count[kind] += 1;
      const from = (where[i] ??= kind === "robot" || kind === "left" ? to : [-6, to[1]]);
      where[i] = [from[0] + (to[0] - from[0]) * glide, from[1] + (to[1] - from[1]) * glide];
      drawn[kind] += `M${where[i][0].toFixed(1)},${where[i][1].toFixed(1)}h0`;
    });
    for (const [kind, path] of Object.entries(paths)) path.setAttribute("d", drawn[kind]);
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    for (const [kind, number] of Object.entries({ ...count, waits: count.waits + count.long })) if (told[kind]) told[kind].textContent = number;
    for (const [name, texts] of Object.entries(each)) told[name].textContent = texts[Math.min(Math.floor(now / 60), texts.length - 1)];
    const heard = says.filter(([at]) => at <= now);
    rolls.forEach((line, place) => (line.textContent = heard.at(place - rolls.length)?.[1] ?? ""));
    told.clock.textContent = `${Math.floor(now / 3600)}:${two((now % 3600) / 60)}:${two(now % 60)}`;
    told.cursor.setAttribute("transform", `translate(${((now - start * 60) / length) * (cursor[1] - cursor[0])},0)`);
  }
  function end() {
    running = false;
    stopped(Math.round(now / 60), start);
  }
  function frame(moment) {
    if (!running || !root.isConnected) return;
    const passed = last ? Math.min(moment - last, 250) : 0;
    const before = Math.floor(now / 60);
    last = moment;
    now = Math.min(now + (passed / 1000 / seconds) * length, length);
    if (!still) draw(1 - Math.exp(-passed / 120));
    else if (Math.floor(now / 60) > before) draw(1);
    if (now >= length) return end();
    requestAnimationFrame(frame);
  }
  button.textContent = "❚❚ 停";
  draw(1);
  requestAnimationFrame(frame);
  return end;
}

function picture(model, el) {
  const body = make("div", { class: "kefu-drawn" });
  const fold = make("button", { type: "button", class: "kefu-away" });
  const spoken = make("p", { class: "kefu-spoken visually-hidden", role: "status" }); // what the picture says, for a screen reader
  const timer = make("p", { class: "kefu-clock", role: "timer", hidden: "" });
  let known = false; // whether a state was shown before
  let ticking = 0;
  let before = null; // the drawing as it was when the hand last began
  let rest = 0;
  let turn = 0;
  let stop = null; // ends the film that runs
  let wanted = {}; // what Python has not answered yet: the next key goes on from there
  el.replaceChildren(body, timer, fold, spoken);
  function folded(away) {
    el.classList.toggle("kefu-put-away", away);
    fold.textContent = away ? "▾ 看图" : "▴ 收起图";
    fold.setAttribute("aria-expanded", String(!away));
  }
  fold.onclick = () => folded(!el.classList.contains("kefu-put-away"));

  function want(moved) {
    Object.assign(wanted, moved);
    model.set("moved", { ...moved, "": ++turn }); // the same twice is told twice
    model.save_changes();
  }
  const answered = ({ done }) => done === turn && (wanted = {});

  function show() {
    stop = null; // what ran is gone with its picture
    const drawn = body.querySelector("svg");
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const within = el.closest(".kefu-demo")?.contains(document.activeElement);
    const kept = focused?.dataset.press ?? (focused && key(focused));
    const open = [...body.querySelectorAll("details")].map((part) => part.open);
    clearTimeout(rest);
    rest = setTimeout(() => (before = null), 1500); // the next change is another movement
    before ??= drawn;
    const moving = [...body.querySelectorAll(".kefu-moves")];
    body.innerHTML = model.get("html");
    [...body.querySelectorAll(".kefu-moves")].forEach((part, place) => keep(moving[place], part));
    [...body.querySelectorAll("details")].forEach((part, place) => (part.open = open[place] ?? part.open));
    ghost(before, body.querySelector("svg"));
    tell();
    known = true;
    if (!within) return;
    const again = [...body.querySelectorAll("[data-press], .kefu-grip")].find((part) => (part.dataset.press ?? key(part)) === kept);
    if (again) return again.focus({ preventScroll: true });
    const here = body.querySelector("[data-here]"); // where the next is to be done
    if (focused || here?.dataset.talk) { // what was pressed, or typed into, is gone
      body.tabIndex = -1;
      (here ?? body).focus({ preventScroll: true });
    }
    here?.scrollIntoView({ block: "nearest" });
  }

  // What a new state says aloud, what it tells the page, and the clock that it sets.
  function tell() {
    clearInterval(ticking);
    const clock = body.querySelector("[data-clock]");
    timer.hidden = !clock;
    if (clock) run(Number(clock.dataset.clock), JSON.parse(clock.dataset.late));
    const said = [...body.querySelectorAll("[data-say]")].map((part) => part.dataset.say).join(" ");
    if (!known) return;
    spoken.replaceChildren(make("span", {}, said)); // a new element: the same words twice are said twice
    const result = body.querySelector("[data-talk]");
    if (result) document.dispatchEvent(new CustomEvent("kefu-talk", { detail: { ...result.dataset } }));
  }

  // Count down while the page is looked at; at the end want what comes of saying nothing.
  function run(left, late) {
    const say = () => (timer.textContent = `还有${left}秒`);
    say();
    ticking = setInterval(() => {
      if (document.hidden) return;
      left -= 1;
      say();
      if (left > 0) return;
      clearInterval(ticking);
      want(late);
    }, 1000);
  }

  // The last state as a shade behind the present one, where both have the same scale.
  function ghost(old, now) {
    if (!old || !now || !now.dataset.scale || old.dataset.scale !== now.dataset.scale) return;
    const parts = [...old.querySelectorAll(".line, .dot, .bar, .kefu-ghostly")].filter((part) => !part.closest(".kefu-shade"));
    const shade = document.createElementNS("http://www.w3.org/2000/svg", "g");
    shade.setAttribute("class", "kefu-shade");
    shade.setAttribute("aria-hidden", "true");
    shade.append(...parts.map((part) => part.cloneNode(true)));
    now.prepend(shade);
  }

  body.onpointerdown = (event) => {
    const handle = event.target.closest(".kefu-grip");
    if (!handle || event.button) return;
    const svg = handle.ownerSVGElement;
    const still = svg.getScreenCTM().inverse(); // the drawing is drawn anew meanwhile, at the same place
    const spot = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(still);
    const axes = ["x", "y"].map((which) => [which, axis(handle, which)]).filter(([, found]) => found);
    const start = spot(event);
    const from = axes.map(([which, found]) => found.low + ((found.now - found.min) / (found.max - found.min)) * (found.high - found.low) - start[which]);
    handle.focus({ preventScroll: true });
    event.preventDefault();
    follow(event, (next) => {
      const there = spot(next);
      want(Object.fromEntries(axes.map(([which, found], place) => [found.name, value(found, there[which] + from[place])])));
    });
  };
  // A finger on a handle never scrolls: `touch-action` does not hold on parts of a drawing, nor outlast their
  // being drawn anew, and the browser then takes the pointer back after two moves.
  body.addEventListener("touchstart", (event) => event.target.closest(".kefu-grip") && event.preventDefault(), { passive: false });
  body.onkeydown = (event) => {
    if (["Enter", " "].includes(event.key) && event.target.matches(".kefu-spot")) {
      event.preventDefault(); // a drawn button is pressed by the keys that press a written one
      return want(JSON.parse(event.target.dataset.press));
    }
    const handle = event.target.closest(".kefu-grip");
    const found = handle && { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowUp: ["y", 1], ArrowDown: ["y", -1] }[event.key];
    if (!found) return;
    const [which, sign] = found;
    const moved = axis(handle, which) ?? axis(handle, which === "x" ? "y" : "x");
    event.preventDefault();
    event.stopPropagation();
    want({ [moved.name]: clamp((wanted[moved.name] ?? moved.now) + sign * moved.step, moved.min, moved.max) });
  };
  body.onclick = (event) => {
    const play = event.target.closest(".kefu-play");
    const ended = (now, shown) => {
      stop = null;
      if (now === shown) show(); // Python has nothing new to say
      else want({ now });
    };
    if (play) return void (stop ? stop() : (stop = film(play.closest("[data-film]"), play, ended)));
    const button = event.target.closest("[data-press]");
    if (button) want(JSON.parse(button.dataset.press));
  };

  el.dataset.lmSuppressShortcuts = "true";
  // What was asked before the demo was there: a slider has it at once, or a key would start from its old value.
  el.addEventListener("kefu-want", ({ detail }) => {
    const slider = (name) => el.closest(".kefu-demo")?.querySelector(`.kefu-c-${name}.kefu-slide`);
    const others = Object.entries(detail).filter(([name, wanted]) => !slider(name)?.dispatchEvent(new CustomEvent("kefu-set", { detail: wanted })));
    if (others.length) want(Object.fromEntries(others));
  });
  model.on("change:html", show);
  model.on("msg:custom", answered);
  show();
  folded(false);
  return () => {
    clearInterval(ticking);
    model.off("msg:custom", answered);
    model.off("change:html", show);
  };
}

const kind = (model) => (model.get("html") !== undefined ? picture : model.get("send") !== undefined ? line : slider);
export default { render: ({ model, el }) => kind(model)(model, el) };
