// Play a demo before Python is there: its sliders over all its states, which were made at the build. What
// is chosen is kept as what the reader wants of the demo that comes alive.
import fronts from "live-fronts";

export function play(cell) {
  const picture = cell.place.querySelector(".live-picture");
  const { controls, slots, texts, rows } = JSON.parse(cell.place.querySelector(".live-states").textContent);
  const first = document.createElement("div");
  first.className = "kefu-first";

  function show() {
    const at = controls.reduce((row, { min, max, step, value }) => row * ((max - min) / step + 1) + (value - min) / step, 0);
    const now = Object.fromEntries(slots.map((name, number) => [name, texts[rows[at][number]]]));
    for (const part of picture.querySelectorAll("[data-slot]")) part.textContent = now[part.dataset.slot];
    for (const part of picture.querySelectorAll("[data-look]")) part.dataset.now = now[part.dataset.look];
    for (const part of picture.querySelectorAll("[data-first]"))
      [...part.children].forEach((one, number) => one.classList.toggle("gone", number >= Number(now[part.dataset.first])));
    cell.wanted = Object.fromEntries(controls.map(({ name, value }) => [name, value]));
  }

  for (const control of controls) {
    const heard = [];
    const model = {
      get: (name) => control[name],
      set: (name, value) => ((control[name] = value), heard.forEach((act) => act())),
      save_changes: show,
      on: (_events, act) => heard.push(act),
      off() {},
    };
    const part = document.createElement("div");
    part.className = `kefu-c-${control.name}`;
    first.append(part);
    fronts[control.front].render({ model, el: part });
  }
  picture.querySelector(".kefu-settings").replaceWith(first);

  // The widget comes when no hand is on a slider, and the reader's focus goes on in it.
  let lifted = null;
  let lift = () => {};
  first.addEventListener("pointerdown", () => (lifted ??= new Promise((done) => (lift = done))));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => ((lifted = null), lift()));
  cell.rest = async () => {
    while (lifted) await lifted;
  };
  cell.focused = () => {
    const place = [...first.querySelectorAll("input, button")].indexOf(document.activeElement);
    return (widget) => place >= 0 && widget.querySelectorAll(".kefu-first :is(input, button)")[place]?.focus({ preventScroll: true });
  };
}
