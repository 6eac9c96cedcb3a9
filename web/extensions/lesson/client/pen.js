// A pen for slides: strokes lie over the page in a drawing of their own. Each belongs to the block that it began at and
// is measured in that block's width, so it stays where it was drawn however the slides are packed.
import { button, make } from "./shared.js";

const SVG = "http://www.w3.org/2000/svg";
const INKS = [["red", "红笔"], ["teal", "青笔"], ["rub", "橡皮"]];

export function pen({ blocks }) {
  const strokes = []; // { home, ink, points: [[x, y], …] }, as last drawn last
  let tool = "red", now = null;
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("class", "lesson-ink");
  sheet.setAttribute("aria-hidden", "true");
  const pick = (name) => {
    tool = name;
    for (const one of tools.querySelectorAll("[data-ink]")) one.setAttribute("aria-pressed", one.dataset.ink === name);
    sheet.dataset.tool = name;
  };
  const tools = make("div", { className: "lesson-pens", role: "toolbar", ariaLabel: "画笔", hidden: true },
    ...INKS.map(([name, text]) => {
      const one = button(text, text, () => pick(name));
      one.dataset.ink = name;
      return one;
    }),
    button("撤销", "撤销上一笔", undo), button("清空", "清空这一页的笔迹", wipe), button("收笔", "收起画笔", () => self.toggle()));

  const here = ({ home }) => blocks().includes(home);
  const place = ({ home, points }) => {
    const box = home.getBoundingClientRect(), edge = sheet.getBoundingClientRect();
    return points.map(([x, y]) => [box.left - edge.left + x * box.width, box.top - edge.top + y * box.width]);
  };
  const path = (points) => (points.length > 1 ? `M${points.map((one) => one.map((n) => n.toFixed(1))).join("L")}` : `M${points[0]}h.1`);

  function draw() {
    if (!sheet.isConnected) document.body.append(sheet, tools);
    sheet.style.height = `${Math.max(document.documentElement.scrollHeight, innerHeight)}px`;
    sheet.replaceChildren(...strokes.filter(here).map((stroke) => {
      const made = document.createElementNS(SVG, "path");
      made.setAttribute("class", `lesson-${stroke.ink}`);
      made.setAttribute("d", path(place(stroke)));
      return made;
    }));
  }
  function undo() {
    const last = strokes.findLastIndex(here);
    if (last >= 0) strokes.splice(last, 1);
    draw();
  }
  function wipe() {
    for (let i = strokes.length - 1; i >= 0; i--) if (here(strokes[i])) strokes.splice(i, 1);
    draw();
  }
  // The nearest block is a stroke's home.
  function home({ clientX: x, clientY: y }) {
    const away = (one) => {
      const box = one.getBoundingClientRect();
      return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    };
    return blocks().reduce((best, one) => (away(one) < away(best) ? one : best));
  }
  const point = (stroke, { clientX, clientY }) => {
    const box = stroke.home.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.width];
  };
  function rub({ clientX: x, clientY: y }) {
    const edge = sheet.getBoundingClientRect();
    for (let i = strokes.length - 1; i >= 0; i--) {
      if (here(strokes[i]) && place(strokes[i]).some((one, k, ones) => far(x - edge.left, y - edge.top, one, ones[k + 1] ?? one) < 16)) strokes.splice(i, 1);
    }
    draw();
  }
  function far(x, y, [ax, ay], [bx, by]) {
    const long = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = long ? Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long, 0), 1) : 0;
    return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || now) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    now = { id: event.pointerId, rubs: tool === "rub" || event.buttons === 32 };
    if (now.rubs) return rub(event);
    now.stroke = { home: home(event), ink: tool, points: [] };
    now.stroke.points.push(point(now.stroke, event));
    strokes.push(now.stroke);
    draw();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (now?.id !== event.pointerId) return;
    if (now.rubs) return rub(event);
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) now.stroke.points.push(point(now.stroke, one));
    sheet.lastElementChild?.setAttribute("d", path(place(now.stroke)));
  });
  for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, ({ pointerId }) => now?.id === pointerId && (now = null));

  const self = {
    on: false,
    draw,
    toggle() {
      self.on = !self.on;
      sheet.classList.toggle("lesson-drawing", self.on);
      tools.hidden = !self.on;
      if (self.on) tools.querySelector("[aria-pressed=true]").focus();
    },
    away() {
      if (self.on) self.toggle();
      strokes.length = 0;
      sheet.remove();
      tools.remove();
    },
    strokes,
  };
  pick("red");
  return self;
}
