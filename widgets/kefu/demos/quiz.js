// Quizzes that answer at once, in a page of the book and in JupyterLab alike: a form in the place of
// each quiz's still HTML. Answers stay in this browser, under the one key that the whole book uses.
const KEY = "kefu";
const VERSION = 1;

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// What keeps the answers where no page does: `recall()` gives all that is kept, its `answers` among it, and
// `remember(act)` changes it and tells whether the browser has kept it. In the place and the form of the
// book's own web/store.js, so that JupyterLite beside a page knows what was answered in it.
function store() {
  let unsaved = null;
  const recall = () => {
    if (unsaved) return unsaved;
    let all = null;
    try {
      all = JSON.parse(localStorage.getItem(KEY));
    } catch {} // no store, or not ours: begin anew
    if (all?.kefu !== VERSION) all = { kefu: VERSION };
    if (!plain(all.answers)) all.answers = {};
    return all;
  };
  const remember = (act) => {
    const all = recall();
    act(all);
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
      unsaved = null;
    } catch {
      unsaved = all;
    }
    return !unsaved;
  };
  return { recall, remember };
}

export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

export function button(words, act, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

// What a reader typed as a number: its value, or what is the matter with it. Full-width digits, the
// question's own unit and thousands in threes are fine.
export function number(typed, unit = "") {
  const shown = [...typed.trim()].slice(0, 20).join("");
  if (/[¹²³⁰⁴-⁹₀-₉]/.test(typed)) return { fault: `“${shown}”里有上标或下标，请把乘方算出来再填。` };
  let text = typed.normalize("NFKC").replace(/\s/g, "").replace(/[−–—]/g, "-").replace(/。/g, ".").replace(/\.$/, "");
  const own = unit.normalize("NFKC").replace(/\s/g, "");
  if (own && text.endsWith(own)) text = text.slice(0, -own.length);
  if (!text) return { fault: "还没有填，先写一个数再核对。" };
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replaceAll(",", "");
  if (/^[+-]?\d+,\d+$/.test(text)) return { fault: `小数点请用“.”，不用逗号：${text.replace(",", ".")}。` };
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return { value: Number(text) };
  return { fault: `“${shown}”不是一个数，请只写数字，例如3.5。` };
}

const mark = (right) => make("span", { class: right ? "kefu-right" : "kefu-wrong" }, right ? "✓ 对。" : "✗ 不对。");

// Each kind of question: its controls (`body`), the reader's answer (`read`, `write`, `fault` of one that
// cannot be checked), whether it is right, and what there is to say (`explain` beside the controls, `tell` in
// the verdict; `whole` gives all away).
const KINDS = { single: choice, multiple: choice, number: amount, order: ordering };

function choice({ kind, options }) {
  const rows = options.map(({ text }, place) => {
    const input = make("input", { type: kind === "single" ? "radio" : "checkbox", name: "option", value: place });
    const why = make("p", { class: "kefu-why", hidden: "" });
    const label = make("label", {}, input, make("span", {}, `${"ABCDEFG"[place]}. ${text}`));
    return { input, why, row: make("li", {}, label, why) };
  });
  const right = (answer) => options.every((option, place) => option.right === answer.includes(place));
  return {
    body: make("ul", { class: "kefu-choices", "aria-live": "polite" }, ...rows.map(({ row }) => row)),
    read: () => rows.flatMap(({ input }, place) => (input.checked ? [place] : [])),
    write: (answer) => rows.forEach(({ input }, place) => (input.checked = answer?.includes?.(place) ?? false)),
    fault: (answer) => (answer.length ? "" : "还没有选，先选一个再核对。"),
    right,
    explain(answer, whole) {
      for (const [place, { why }] of rows.entries()) {
        why.hidden = !whole && !answer?.includes(place);
        why.replaceChildren(...(why.hidden ? [] : [mark(options[place].right), options[place].why]));
      }
    },
    tell(answer, whole) {
      const letters = options.flatMap((option, place) => (option.right ? ["ABCDEFG"[place]] : [])).join("、");
      if (right(answer)) return "每个选项的理由都在上面。";
      if (whole) return `答案是${letters}，每个选项的理由都在上面。`;
      const wrong = answer.some((place) => !options[place].right);
      return wrong ? "看看选项下面的理由，再想一想。" : "选中的都对，但还没有选全。";
    },
  };
}

function amount({ answer: wanted, tolerance, unit, why, traps = [] }) {
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: "10" });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // JupyterLab keeps a browser from sending the form by itself
    input.form.requestSubmit();
  });
  const label = make("label", { class: "kefu-amount" }, make("span", {}, "你的答案"), input, make("span", {}, unit));
  const near = (a, b) => Math.abs(a - b) <= tolerance + 1e-9;
  const right = (typed) => near(number(typed, unit).value, wanted);
  return {
    body: make("div", {}, label),
    read: () => input.value,
    write: (answer) => (input.value = typeof answer === "string" ? answer : ""),
    fault: (typed) => number(typed, unit).fault ?? "",
    right,
    explain: () => {},
    tell(typed, whole) {
      if (right(typed)) return why;
      if (whole) return `答案是${wanted}${unit}。${why}`;
      return traps.find(({ value }) => near(number(typed, unit).value, value))?.why ?? "再算一遍，留心每一步用的是哪个数。";
    },
  };
}

function ordering({ items, why }) {
  const told = make("p", { class: "kefu-moved", role: "status" });
  const list = make("ol", { class: "kefu-steps" });
  const size = items.length;
  const rows = items.map(({ text, place }) => {
    const sign = make("span", { class: "kefu-sign" });
    const grip = make("span", { class: "kefu-grip", "aria-hidden": "true", title: "拖动" }, "⠿");
    const up = button("↑", () => move(row, -1), { "aria-label": `上移：${text}` });
    const down = button("↓", () => move(row, 1), { "aria-label": `下移：${text}` });
    const row = make("li", {}, grip, make("span", { class: "kefu-step" }, text, sign), up, down);
    Object.assign(row, { place, text, sign, up, down });
    grip.addEventListener("pointerdown", (event) => drag(row, event));
    return row;
  });
  const place = (row) => [...list.children].indexOf(row);
  const read = () => [...list.children].map((row) => row.place);

  function settle() {
    for (const [at, row] of [...list.children].entries()) {
      row.up.setAttribute("aria-disabled", at === 0); // not disabled: the focus would be lost
      row.down.setAttribute("aria-disabled", at === size - 1);
    }
  }
  // The neighbour moves, never the row itself: it keeps the focus, or the finger that drags it.
  function step(row, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return false;
    if (by < 0) row.after(other);
    else row.before(other);
    settle();
    list.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  function tell(row, moved = true) {
    told.textContent = `${moved ? "" : "已经到头："}“${row.text}”在第${place(row) + 1}位，共${size}位`;
  }
  const move = (row, by) => tell(row, step(row, by));
  function drag(row, event) {
    event.preventDefault();
    row.classList.add("kefu-dragged");
    const follow = ({ clientY }) => {
      const { previousElementSibling: above, nextElementSibling: below } = row;
      const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
      if (above && clientY < middle(above)) step(row, -1);
      else if (below && clientY > middle(below)) step(row, 1);
    };
    const over = ["pointerup", "pointercancel"];
    const end = () => {
      row.classList.remove("kefu-dragged");
      removeEventListener("pointermove", follow);
      for (const name of over) removeEventListener(name, end);
      tell(row);
    };
    addEventListener("pointermove", follow);
    for (const name of over) addEventListener(name, end);
  }

  const right = (answer) => answer.every((wanted, at) => wanted === at);
  return {
    body: make("div", {}, list, told),
    read,
    write(answer) {
      const known = Array.isArray(answer) && answer.length === size && rows.every((row) => answer.includes(row.place));
      list.replaceChildren(...(known ? answer.map((wanted) => rows.find((row) => row.place === wanted)) : rows));
      told.textContent = "";
      settle();
    },
    fault: () => "",
    right,
    explain(answer) {
      for (const [at, row] of [...list.children].entries()) {
        row.sign.replaceChildren(...(answer ? [row.place === at ? "✓ 位置对" : "✗ 位置不对"] : []));
        row.sign.className = `kefu-sign ${row.place === at ? "kefu-right" : "kefu-wrong"}`;
      }
    },
    tell(answer, whole) {
      if (right(answer)) return why;
      const order = [...rows].sort((a, b) => a.place - b.place).map((row, at) => `${at + 1}. ${row.text}`);
      if (whole) return `正确的顺序：${order.join("；")}。${why}`;
      return `${answer.filter((wanted, at) => wanted === at).length}项在对的位置上，再挪一挪。`;
    },
  };
}

// A question in its form: check, try again, give the answer; `keep` stores what came of it.
class Question {
  constructor(data, place, entry, keep) {
    this.part = KINDS[data.kind](data);
    this.keep = keep;
    this.verdict = make("p", { class: "kefu-verdict", role: "status" });
    this.again = button("再试一次", () => this.retry());
    this.give = button("看答案", () => this.reveal());
    const legend = make("legend", {}, `${place}. ${data.ask}${data.kind === "multiple" ? "（多选）" : ""}`);
    const check = make("button", { type: "submit" }, "核对");
    const bar = make("div", { class: "kefu-buttons" }, check, this.again, this.give);
    this.form = make("form", { novalidate: "", "data-id": data.id }, make("fieldset", {}, legend, this.part.body, bar, this.verdict));
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.check()));
    this.form.addEventListener("input", () => this.clear());
    this.restore(entry);
  }

  restore(entry) {
    this.part.write(entry?.answer);
    this.clear();
    if (entry && !this.part.fault(this.part.read())) this.show(this.part.read(), false);
  }

  clear() {
    this.part.explain(null, false);
    this.verdict.textContent = "";
    this.again.hidden = this.give.hidden = true;
  }

  check() {
    const answer = this.part.read();
    const fault = this.part.fault(answer);
    if (fault) {
      this.clear();
      this.verdict.textContent = fault;
      return;
    }
    const right = this.part.right(answer);
    this.keep((old) => ({ answer, right, tries: (old?.tries ?? 0) + 1, first: old ? old.first === true : right }));
    this.show(answer, false);
  }

  show(answer, whole) {
    const right = this.part.right(answer);
    this.part.explain(answer, whole || right);
    this.verdict.replaceChildren(...(whole && !right ? [] : [mark(right)]), this.part.tell(answer, whole));
    this.again.hidden = false;
    this.give.hidden = right || whole;
  }

  retry() {
    this.part.write(null);
    this.clear();
    this.form.querySelector("input, ol button").focus();
  }

  reveal() {
    this.show(this.part.read(), true);
    this.again.focus(); // the button that was pressed is gone
  }
}

// Put the forms of one quiz into its place, with the score and a way to begin anew.
function show(place, { recall, remember }) {
  const { quiz } = place.dataset;
  const questions = JSON.parse(place.dataset.questions);
  const score = make("p", { class: "kefu-score", role: "status" });
  const note = make("p", { class: "kefu-note" });
  const id = (question) => `${quiz}/${question.id}`;
  const sum = () => {
    const entries = questions.map((question) => recall().answers[id(question)]);
    const done = entries.filter(Boolean).length;
    const count = (part) => entries.filter((entry) => entry?.[part] === true).length;
    const rest = done < questions.length ? `，还有${questions.length - done}题没做` : "";
    score.textContent = `答对${count("right")}/${questions.length}题，其中一次就对${count("first")}题${rest}。`;
  };
  const saved = (kept) => {
    note.textContent = kept ? "" : "浏览器没有让本页保存（无痕模式，或存储空间已满）：可以照常做题，只是关掉这一页，答案就不在了。";
    sum();
  };
  const asked = questions.map((question, at) => {
    const keep = (make) => saved(remember(({ answers }) => (answers[id(question)] = { at: Date.now(), ...make(answers[id(question)]) })));
    return new Question(question, at + 1, recall().answers[id(question)], keep);
  });
  const reset = button("全部重做", () => {
    if (reset.dataset.sure) {
      saved(remember(({ answers }) => questions.forEach((question) => delete answers[id(question)])));
      asked.forEach((question) => question.restore(null));
    }
    sure(!reset.dataset.sure);
  });
  const sure = (on) => {
    reset.textContent = on ? "再按一次，清掉本章的答案" : "全部重做";
    if (on) reset.dataset.sure = "yes";
    else delete reset.dataset.sure;
  };
  reset.addEventListener("blur", () => sure(false));
  place.append(...asked.map(({ form }) => form), make("div", { class: "kefu-buttons" }, score, reset), note);
  for (const control of place.querySelectorAll("input, button")) {
    control.dataset.lmSuppressShortcuts = "true"; // or JupyterLab would move from cell to cell at an arrow key
  }
  place.dataset.alive = "yes";
  sum();
}

// Enliven every quiz that stands in the page; `memory` is as `store` makes it.
export function enliven(memory = store()) {
  for (const place of document.querySelectorAll(".kefu-quiz:not([data-alive])")) show(place, memory);
}
