// Slides on paper: still copies of them, two to a sheet with lines to write on, there only while the page is printed.
import { article, make, root } from "./shared.js";

const SHEET = 664; // what an A4 page has within its margins, in px
const FRAME = 400; // the most that a slide takes of its height, unless it is long
const LONG = 860;
const HALF = 480; // what half a sheet has for a slide and the lines below it

// A still copy of a block: what is set in its fields is in it, and no name or id that the page's own would lose to it.
function still(one) {
  const copy = one.cloneNode(true);
  const fields = "input, select, textarea, canvas", from = [...one.querySelectorAll(fields)];
  [...copy.querySelectorAll(fields)].forEach((field, i) => {
    if (field.tagName === "CANVAS") return field.getContext("2d").drawImage(from[i], 0, 0);
    field.removeAttribute("name");
    if ("checked" in field) field.checked = from[i].checked;
    if (field.type !== "file") field.value = from[i].value;
  });
  for (const named of [copy, ...copy.querySelectorAll("[id], [name], [tabindex]")]) for (const name of ["id", "name", "tabindex"]) named.removeAttribute(name);
  copy.classList.remove("lesson-on");
  return copy;
}

// Put the copies behind the text; return what takes them away.
export function handout(slides, blocks, { look, title: named }) {
  const scale = Number(root.style.getPropertyValue("--lesson-scale")) || 1;
  const page = innerWidth / scale; // a slide's width in the text's own px
  const box = make("div", { className: "lesson-handout lesson-measured" });
  const title = article.querySelector("h1").textContent.replace(/#\s*$/, "").trim();
  const frames = slides.map((one, number) => {
    const { from, to } = one;
    const copy = article.cloneNode(false), kept = new Map([[article, copy]]);
    copy.removeAttribute("id");
    copy.removeAttribute("role");
    copy.className = "bd-article lesson-page lesson-way";
    const place = (section) => {
      if (!kept.has(section)) {
        const made = section.cloneNode(false);
        made.removeAttribute("id");
        made.classList.add("lesson-way");
        kept.set(section, made);
        place(section.parentElement).append(made);
      }
      return kept.get(section);
    };
    const copies = new Map();
    for (const block of blocks.slice(from, to)) {
      const made = still(block.one);
      made.classList.add("lesson-on");
      copies.set(block, made);
      place(block.one.parentElement).append(made);
    }
    look(copy, one, blocks, (block) => copies.get(block));
    copy.style.width = `${page}px`;
    copy.style.setProperty("--lesson-fit", 1);
    copy.style.setProperty("--lesson-scale", SHEET / page);
    const frame = make("div", { className: "lesson-frame" }, copy);
    const lines = make("div", { className: "lesson-lines" }, ...Array.from({ length: 6 }, () => make("i")));
    box.append(make("section", { className: "lesson-print" }, make("p", { className: "lesson-number" }, make("span", {}, `${title}　${named(number)}`), `${number + 1}/${slides.length}`), frame, lines));
    return [copy, frame, lines];
  });
  article.after(box);
  for (const [copy, frame, lines] of frames) {
    const tall = copy.getBoundingClientRect().height, most = tall > FRAME * 1.6 ? LONG : FRAME;
    const smaller = Math.min(most / tall, 1);
    copy.style.setProperty("--lesson-scale", (SHEET / page) * smaller);
    frame.classList.toggle("lesson-long", most === LONG);
    const height = Math.max(Math.ceil(tall * smaller) + 2, most === FRAME ? 340 : 0);
    frame.style.height = `${height}px`;
    lines.style.height = `${Math.max(HALF - height, 78)}px`; // three at least; said here, since a printer stretches what may grow
  }
  box.classList.remove("lesson-measured");
  return () => box.remove();
}
