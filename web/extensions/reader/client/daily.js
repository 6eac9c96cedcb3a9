// Today's three windows: three customers a day, drawn from the whole book; whom the reader answered wrongly
// comes again. All of it is kept in this browser, beside the rest of the reader's memory.
import { make, Question } from "./quiz.js";
import { answered, dayOf, later, left, pick, rank, rows, streak, WINDOWS } from "./schedule.js";
import { recall, remember, root } from "./store.js";

const place = document.getElementById("kefu-daily");
const NAMES = { talk: "对话", quiz: "小测", case: "退换货案子" };
const told = make("p", { class: "daily-told", role: "status" });
const note = make("p", { class: "kefu-note" });
const windows = make("div", { class: "daily-windows" });
let day = "", items = [];

// The day's entry, made at its first opening; what an edition has left out makes room for another, once answered it stays.
function entry() {
  const { daily, days } = recall();
  const there = new Set(items.map(({ id }) => id));
  const kept = rows(days[day]).filter(({ id, right }) => there.has(id) || right !== null);
  const gone = kept.filter(({ id }) => !there.has(id)).length;
  const all = pick(items, daily, day, kept.map(({ id }) => id)).slice(0, WINDOWS - gone);
  const fresh = all.filter((id) => !kept.some((one) => one.id === id)).map((id) => ({ id, answer: null, right: null }));
  const now = [...kept, ...fresh];
  return { at: Date.now(), windows: now.map(({ id }) => id), answers: now.map(({ answer }) => answer), right: now.map(({ right }) => right) };
}

const bubble = (words, who = "") => make("p", { class: who ? "daily-said daily-shop" : "daily-said" }, who ? make("span", { class: "visually-hidden" }, who) : "", words);

const date = (day) => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;

// When the customer comes again.
function comes(right, { due, tries }) {
  if (!right) return `记下了，明天（${date(due)}）再来问你。`;
  if (due) return `这次对了，${date(due)}再来一次。`;
  return tries > 1 ? "隔了这些天还记得，这一位送走了。" : "一次就对，这一位送走了。";
}

function show() {
  day = dayOf(Date.now());
  const now = entry();
  const saved = (kept) => (note.textContent = kept ? "" : "浏览器没有让本页保存（无痕模式，或存储空间已满）：照常能接，只是关掉这一页，记录就不在了。");
  saved(remember(({ days }) => (days[day] = now)));
  const { daily } = recall();
  const fresh = now.windows.some((id, at) => !daily[id] || (now.right[at] !== null && daily[id].tries === 1));
  windows.replaceChildren(...now.windows.map((id, at) => {
    const item = items.find((one) => one.id === id);
    if (!item) return "";
    const after = make("p", { class: "daily-next" });
    const tell = () => {
      const { daily, days } = recall();
      const { right } = rows(days[day])[at];
      if (right === null || !daily[id]) return;
      const from = make("a", { href: new URL(`${item.page}.html`, root).href }, item.chapter);
      after.replaceChildren(comes(right, daily[id]), "出自", from, "。");
    };
    const keep = (judged) => {
      const { answer, right } = judged();
      if (typeof rows(recall().days[day])[at]?.right === "boolean") return; // the first answer of a day counts
      saved(remember(({ daily, days }) => {
        const old = daily[id];
        daily[id] = { at: Date.now(), ...answered(old, right, day), tries: (old?.tries ?? 0) + 1 };
        days[day] = { ...(days[day] ?? now), at: Date.now() }; // another tab may have erased it
        days[day].answers[at] = answer;
        days[day].right[at] = right;
      }));
      tell();
      sum();
    };
    const question = new Question(item.question, "", now.right[at] === null ? null : { answer: now.answers[at] }, keep);
    tell();
    const name = `daily-${at + 1}`;
    return make("section", { class: "daily-window", "aria-labelledby": name, "data-id": id },
      make("h2", { id: name }, `第${at + 1}窗　${item.who}`, make("span", { class: "daily-kind" }, NAMES[item.kind])),
      ...(item.scene ? [make("p", { class: "daily-scene" }, item.scene)] : []),
      ...(item.before?.length ? [make("p", { class: "daily-scene" }, "刚才聊到："), ...item.before.map((words, n) => bubble(words, n === 1 ? "客服：" : ""))] : []),
      ...(item.says ? [bubble(item.says)] : []),
      make("div", { class: "kefu-demo", "data-questions": "", "data-alive": "yes" }, question.form),
      after,
    );
  }));
  about.textContent = now.windows.length
    ? "今天没有新客人，来的都是老客人。"
    : "今天没有客人：书里的都接待过了，要再来的还没到日子。";
  about.hidden = fresh;
  sum();
}

// How far today is, and what stands in the reader's file.
function sum() {
  const { daily, days } = recall();
  const all = rows(days[day]);
  const waiting = left(days[day]);
  const count = streak(days, day);
  const { name, done, share, next } = rank(days);
  const soon = Object.values(daily).filter(({ due }) => due && due <= later(day, 1) && due > day).length;
  told.replaceChildren(
    !all.length ? "今天不用接待。" : waiting === all.length ? `今天${"一两三"[waiting - 1]}位客人在等。`
      : waiting ? `接了${all.length - waiting}位，还有${waiting}位在等。`
      : `今天的都接完了，答对${all.filter(({ right }) => right).length}位。${soon ? `明天有${soon}位再来。` : ""}`,
  );
  file.replaceChildren(...[["连续", `${count}天`], ["满勤", `${done}天`], ["称号", name]].map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, value))));
  goal.textContent = next
    ? `再升一级是“${next.name}”：满勤${next.days}天，最近30窗答对${Math.round(next.share * 100)}%。你满勤${done}天，最近答对${Math.round(share * 100)}%。`
    : "已经是最高一级。答错多了，称号会降。";
}

const file = make("dl", { class: "daily-file" });
const goal = make("p", { class: "daily-goal" });
const about = make("p", { class: "daily-about" });

function open(all) {
  items = all;
  place.replaceChildren(told, file, about, windows, note, goal);
  show();
  document.addEventListener("visibilitychange", () => document.hidden || dayOf(Date.now()) === day || show());
  place.dataset.alive = "yes";
}
const lost = () => place.replaceChildren(make("p", {}, "今天的客人没有到：题目没有读出来。连上网络，再打开一次。"));
fetch(document.getElementById("daily-items").href).then((answer) => answer.json()).then(open, lost);
