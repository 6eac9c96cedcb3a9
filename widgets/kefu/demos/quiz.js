import { number } from "./number.js";
// Quizzes, guesses and judgements that answer at once, in a page of the book and in JupyterLab alike: a form
// in the place of each one's still HTML. Answers stay in this browser, under the one key of the whole book.
const VERSION = 1;

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// What keeps the answers where no page does: `recall()` gives all that is kept, `answers` and `guesses` among
// it, and `remember(act)` changes it and tells whether the browser has kept it. In the place and the form of the
// book's own web/store.js, so that JupyterLite beside a page knows what was answered in it: its folder, lite/,
// stands in the book's own.
function store() {
  const { pathname } = location;
  const key = `kefu ${pathname.slice(0, pathname.lastIndexOf("/lite/") + 1) || "/"}`;
  let unsaved = null;
  const recall = () => {
    if (unsaved) return unsaved;
    let all = null;
    try {
      all = JSON.parse(localStorage.getItem(key) ?? localStorage.getItem("kefu")); // as keys were before paths
    } catch {} // no store, or not ours: begin anew
    if (all?.kefu !== VERSION) all = { kefu: VERSION };
    for (const part of ["answers", "guesses"]) if (!plain(all[part])) all[part] = {};
    return all;
  };
  const remember = (act) => {
    const all = recall();
    act(all);
    try {
      localStorage.setItem(key, JSON.stringify(all));
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

// An option as it stands inside “”: without its full stop and the quotes around it, quotes in it single.
const within = (text) => text.replace(/^“([^“”]*)”$/, "$1").replace(/。$/, "").replace(/“/g, "‘").replace(/”/g, "’");

const mark = (right, of = "") => make("span", { class: right ? "kefu-right" : "kefu-wrong" }, right ? `✓ ${of}对。` : `✗ ${of}不对。`);

// Each kind of question: its controls (`body`), the reader's answer (`read`, `write`, `fault` of one that
// cannot be checked), whether it is right, and what there is to say (`explain` beside the controls, `tell` in
// the verdict; `whole` gives all away; `guessed` repeats a guess, and `after` it what else there is to say).
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
    fault: (answer) => (answer.length ? "" : "还没有选，先选一个。"),
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
    guessed: (answer) => `你猜“${within(options[answer[0]].text)}”，${right(answer) ? "猜对了。" : ""}`,
    after: () => "",
  };
}

function amount({ answer: wanted, tolerance, unit, why, traps = [] }) {
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: "10" });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return; // an input method's, see hands.js
    event.preventDefault(); // JupyterLab keeps a browser from sending the form by itself
    input.form.requestSubmit();
  });
  const label = make("label", { class: "kefu-amount" }, make("span", {}, "你的答案"), input, make("span", {}, unit));
  const near = (a, b) => Math.abs(a - b) <= tolerance + 1e-9;
  const right = (typed) => near(number(typed, unit).value, wanted);
  const trap = (typed) => traps.find(({ value }) => near(number(typed, unit).value, value))?.why;
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
      return trap(typed) ?? "再算一遍，留心每一步用的是哪个数。";
    },
    guessed(typed) {
      const { value } = number(typed, unit);
      const off = Number(Math.abs(value - wanted).toPrecision(6));
      const points = unit === "%" ? "个百分点" : unit; // between two rates, not a share of either
      return `你猜${value}${unit}，${right(typed) ? "猜中了。" : `${value > wanted ? "多" : "少"}猜了${off}${points}。`}`;
    },
    after: (typed) => trap(typed) ?? why,
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
    const row = make("li", {}, grip, make("span", { class: "kefu-item" }, text, sign), up, down);
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
    if (row.up.matches(":disabled")) return; // a guess that is committed
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
  const placed = (answer) => answer.filter((wanted, at) => wanted === at).length;
  const order = () => {
    const told = [...rows].sort((a, b) => a.place - b.place);
    const line = (row, at) => make("span", { class: "kefu-placed" }, `${at + 1}. ${row.text}${at < size - 1 ? "；" : "。"}`);
    return ["正确的顺序：", ...told.map(line), why];
  };
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
      return whole ? order() : `${placed(answer)}项在对的位置上，再挪一挪。`;
    },
    guessed: (answer) => (right(answer) ? "你排的全对。" : `你排的${placed(answer)}项在对的位置上。`),
    after: (answer) => (right(answer) ? why : order()),
  };
}

// A question in its form, with its number if it has one: check, try again, give the answer; `keep` stores what
// came of it.
export class Question {
  constructor(data, place, entry, keep) {
    this.part = KINDS[data.kind](data);
    this.keep = keep;
    this.verdict = make("p", { class: "kefu-verdict", role: "status" });
    this.again = button("再试一次", () => this.retry());
    this.give = button("看答案", () => this.reveal());
    const legend = make("legend", {}, `${place ? `${place}. ` : ""}${data.ask}${data.kind === "multiple" ? "（多选）" : ""}`);
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

  // What stands in the form, checked or not: a page that is loaded anew can have it again.
  get draft() {
    return this.part.read();
  }

  set draft(answer) {
    this.part.write(answer);
    this.clear();
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
    this.verdict.replaceChildren(...(whole && !right ? [] : [mark(right)]), ...[this.part.tell(answer, whole)].flat());
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

// Say below a form where its answers are not kept.
const tell = (note, kept) => {
  note.textContent = kept ? "" : "浏览器没有让本页保存（无痕模式，或存储空间已满）：可以照常做题，只是关掉这一页，答案就不在了。";
};

// What is guessed or judged is committed by `act`, and then stands until the reader begins `again`: its controls
// are not to be changed meanwhile.
class Commitment {
  constructor(id, controls, words, act, again) {
    Object.assign(this, { controls, again });
    this.verdict = make("p", { class: "kefu-verdict", role: "status" });
    this.commit = make("button", { type: "submit" }, words);
    this.back = button("重来", () => (this.open(), controls.querySelector("input, ol button").focus()));
    const bar = make("div", { class: "kefu-buttons" }, this.commit, this.back);
    this.form = make("form", { novalidate: "", "data-id": id }, controls, this.verdict, bar);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.controls.disabled && act()) this.back.focus(); // the button that was pressed is gone
    });
    this.open();
  }

  open() {
    this.stand(false);
    this.again();
    this.say();
  }

  close(...told) {
    this.stand(true);
    this.say(...told);
  }

  stand(on) {
    this.controls.disabled = this.commit.hidden = on;
    this.back.hidden = !on;
  }

  say(...told) {
    this.verdict.replaceChildren(...told);
  }
}

// A guess: nothing is told before it is committed; then what the reader guessed, what is so, and why.
function guessing(place, [data], memory) {
  const id = `${place.dataset.quiz}/${data.id}`;
  const part = KINDS[data.kind](data);
  const note = make("p", { class: "kefu-note" });
  const legend = make("legend", {}, data.ask);
  const one = new Commitment(data.id, make("fieldset", {}, legend, part.body), "就这么猜", () => {
    const answer = part.read();
    const fault = part.fault(answer);
    if (fault) return one.say(fault);
    tell(note, memory.remember(({ guesses }) => (guesses[id] = { at: Date.now(), answer, right: part.right(answer) })));
    show(answer);
    return true;
  }, () => part.explain(null, false));
  const show = (answer) => {
    part.explain(answer, false);
    one.close(`${part.guessed(answer)}${data.shows}`, ...[part.after(answer)].flat());
  };
  const kept = () => memory.recall().guesses[id]?.answer;
  part.write(kept());
  if (kept() !== undefined && !part.fault(part.read())) show(part.read());
  place.append(one.form, note);
  return [[id, {
    get draft() { return part.read(); },
    set draft(answer) { part.write(answer); one.open(); },
    kept,
  }]];
}

// Statements that are true or not: at a chapter's beginning the reader judges them and is told nothing; at its
// end (`again`) once more, and then sees what is true, why, and what has changed.
function judging(place, questions, memory) {
  const again = place.dataset.as === "again";
  const first = ({ id }) => `${place.dataset.quiz}/${id}`;
  const key = (question) => first(question) + (again ? "/again" : "");
  const kept = (name) => JUDGED.indexOf(memory.recall().guesses[name]?.answer);
  const right = (value, at) => JUDGED[value] === (questions[at].right ? "对" : "错");
  const note = make("p", { class: "kefu-note" });
  const rows = questions.map(({ ask }, at) => {
    const why = make("p", { class: "kefu-why", hidden: "" });
    const inputs = JUDGED.map((_, value) => make("input", { type: "radio", name: `judged-${at}`, value }));
    const labels = inputs.map((input, value) => make("label", {}, input, make("span", {}, JUDGED[value])));
    const legend = make("legend", {}, `${at + 1}. ${ask}`);
    return { why, inputs, set: make("fieldset", {}, legend, make("div", { class: "kefu-judged" }, ...labels), why) };
  });
  const read = () => rows.map(({ inputs }) => inputs.findIndex((input) => input.checked));
  const write = (values) => rows.forEach(({ inputs }, at) => inputs.forEach((input, value) => (input.checked = values?.[at] === value)));
  const explain = (values, before) => rows.forEach(({ why }, at) => {
    const { right: so, why: reason } = questions[at];
    why.hidden = !values;
    if (!values) return why.replaceChildren();
    const was = before[at] < 0 ? "开头没有判断这一句。" : `开头你说“${JUDGED[before[at]]}”，现在说“${JUDGED[values[at]]}”。`;
    why.replaceChildren(mark(right(values[at], at), "判断"), `${was}这句话${so ? "是对的" : "不对"}：${reason}`);
  });
  const one = new Commitment(again ? "again" : "truths", make("fieldset", {}, ...rows.map(({ set }) => set)), "就这样判断", () => {
    const values = read();
    const left = values.filter((value) => value < 0).length;
    if (left) return one.say(`还有${left}句没有判断。`);
    tell(note, memory.remember(({ guesses }) => questions.forEach((question, at) => {
      guesses[key(question)] = { at: Date.now(), answer: JUDGED[values[at]], right: right(values[at], at) };
    })));
    show(values);
    return true;
  }, () => explain(null));
  const show = (values) => {
    if (!again) return one.close("记下了。先不说对错：学完这一章，到小结里再判断一次，看看改了哪几句。");
    const before = questions.map((question) => kept(first(question)));
    explain(values, before);
    const count = (wanted) => values.filter((value, at) => wanted(right(before[at], at), right(value, at), at)).length;
    const now = `这次判断对了${count((_, after) => after)}句`;
    if (before.includes(-1)) return one.close(`${now}。开头的判断还没有做，没法比。`);
    const worse = count((was, after) => was && !after);
    one.close(`开头判断对了${count((was) => was)}句，${now}，改对了${count((was, after) => !was && after)}句${worse ? `，改错了${worse}句` : ""}。`);
  };
  const all = () => questions.map((question) => kept(key(question)));
  write(all());
  if (!all().includes(-1)) show(all());
  place.append(one.form, note);
  return [[`${place.dataset.quiz}/${one.form.dataset.id}`, {
    get draft() { return read(); },
    set draft(values) { write(values); one.open(); },
    kept: all,
  }]];
}
const JUDGED = ["对", "错"];

// Put the forms of one quiz into its place, with the score and a way to begin anew; give them by their names.
function asking(place, questions, { recall, remember }) {
  const { quiz } = place.dataset;
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
    tell(note, kept);
    sum();
  };
  const asked = questions.map((question, at) => {
    const keep = (judged) => saved(remember(({ answers }) => (answers[id(question)] = { at: Date.now(), ...judged(answers[id(question)]) })));
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
  sum();
  return asked.map((question, at) => [id(questions[at]), Object.assign(question, { kept: () => recall().answers[id(questions[at])]?.answer })]);
}

const FORMS = { quiz: asking, guess: guessing, truths: judging, again: judging };

// Enliven every quiz, guess and judgement that stands in the page, and give its forms by their names; each has
// what stands in it as `draft`, and what is kept of it as `kept()`. `memory` is as `store` makes it.
export function enliven(memory = store()) {
  return [...document.querySelectorAll("[data-questions]:not([data-alive])")].flatMap((place) => {
    const forms = FORMS[place.dataset.as ?? "quiz"](place, JSON.parse(place.dataset.questions), memory);
    for (const control of place.querySelectorAll("input, button")) {
      control.dataset.lmSuppressShortcuts = "true"; // or JupyterLab would move from cell to cell at an arrow key
    }
    place.dataset.alive = "yes";
    return forms;
  });
}
