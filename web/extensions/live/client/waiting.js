// A touch on a demo that is still its picture: it is answered at once, kept, and done when Python is there.
import { words } from "./words.js";

// What a touch wants: what a button of the picture gives, or a slider at the place that was touched.
function wanted(event, cell) {
  const button = event.target.closest("[data-press]");
  if (button) return JSON.parse(button.dataset.press);
  const slider = event.target.closest("[data-range]");
  if (!slider) return null;
  const { name, min, max, inset } = JSON.parse(slider.dataset.range);
  const { left, width } = slider.getBoundingClientRect();
  const along = (event.clientX - left - inset) / (width - 2 * inset);
  return { [name]: min + Math.min(Math.max(along, 0), 1) * (max - min) };
}

export function waiting(cell) {
  cell.wanted = {};
  for (const picture of cell.stored) picture.addEventListener("click", (event) => {
    if (event.target.closest("summary, a, pre")) return; // they work without Python
    Object.assign(cell.wanted, wanted(event, cell));
    cell.status?.classList.add("live-asked");
    cell.status?.setAttribute("data-said", Object.keys(cell.wanted).length ? words.kept : words.soon);
  });
}

// Give the demo that has come alive what was asked of its picture.
export function deliver(cell) {
  const kept = cell.wanted ?? {};
  cell.wanted = {};
  if (!Object.keys(kept).length) return;
  requestAnimationFrame(() => cell.place.querySelector(".kefu-scene")?.dispatchEvent(new CustomEvent("kefu-want", { detail: kept })));
}
