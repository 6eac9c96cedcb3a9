// The page of progress: what this browser remembers of the book, as a table; export, import, erase.
import { button, make } from "./quiz.js";
import { state } from "./reader.js";
import { dayOf, rank, streak } from "./schedule.js";
import { forget, fresh, handed, LONGEST, PARTS, recall, remember, root, settled } from "./store.js";

const place = document.getElementById("kefu-progress");
const listed = document.getElementById("chapters");
const chapters = JSON.parse(listed.textContent);
const MOST = 5_000_000; // bytes of a file that is looked at
const told = make("p", { class: "reader-told", role: "status" });
const daily = make("p");
const table = make("div", { class: "reader-table" });

// The form of each entry, beside its time `at`: what it may have, with the words for it.
const flag = [(value) => typeof value === "boolean", "true或false"];
const count = [(value) => Number.isFinite(value) && value >= 0 && value <= 1e15, "不小于0的数"];
const text = [(value) => typeof value === "string", "文字"];
const places = (value) => Array.isArray(value) && value.length <= 10 && value.every(Number.isInteger);
const answer = [(value) => text[0](value) || places(value), "文字，或选项的序号"];
const DAY = /^\d{4}-\d\d-\d\d$/;
const three = (sound, words) => [(value) => Array.isArray(value) && value.length <= 3 && value.every(sound), `至多三个${words}`];
const FORMS = {
  pages: [/^[\w-]+(\/[\w-]+)*$/, { seconds: count, ended: flag, read: flag, heading: text }],
  answers: [/^\w+\/[a-z0-9-]+$/, { answer, right: flag, first: flag, tries: count }],
  guesses: [/^\w+\/[a-z0-9-]+(\/again)?$/, { answer, right: flag }],
  edits: [/^[\w-]+(\/[\w-]+)*#[\w-]+$/, { text }],
  exercises: [/^[\w-]+(\/[\w-]+)*#[\w-]+$/, {}],
  talks: [/^[^\p{C}_]{1,12}$/u, { won: flag, best: count, tries: count }],
  daily: [/^[^\p{C}]{1,60}$/u, { step: count, due: [(value) => value === "" || DAY.test(value), "日期，或空"], tries: count }],
  days: [DAY, { windows: three(text[0], "题目的名字"), answers: three((value) => value === null || answer[0](value), "答案"), right: three((value) => value === null || flag[0](value), "true、false或null") }],
  nights: [/^[123]-\d{1,6}$/, { text }],
};
const LATER = ["guesses", "talks", "daily", "days", "nights"]; // parts that files of earlier editions are without
const NAMES = { pages: "阅读记录", answers: "小测答案", guesses: "猜测与判断", edits: "改过的代码", exercises: "做对的练习", talks: "对话演练", daily: "今日三窗的客人", days: "今日三窗的日子", nights: "618的一夜" };

class Fault extends Error {}
function need(sound, where, wanted, got) {
  const shown = [...(JSON.stringify(got) ?? "没有")].slice(0, 60).join("");
  if (!sound) throw new Fault(`${where}应为${wanted}，收到${shown}。`);
}
const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The memory that a file holds and how many of its entries are too long to keep; a Fault says what is wrong.
function parsed(source) {
  let all;
  try {
    all = JSON.parse(source);
  } catch {
    throw new Fault("文件应为本页导出的JSON，这一个读不出来。");
  }
  need(plain(all), "文件的内容", "本页导出的记录", all);
  need(all.kefu === fresh().kefu, "版本（kefu）", fresh().kefu, all.kefu);
  let long = 0;
  const parts = PARTS.map((part) => {
    const given = LATER.includes(part) ? all[part] ?? {} : all[part];
    need(plain(given), `${NAMES[part]}（${part}）`, "一组记录", given);
    const [key, form] = FORMS[part];
    const entries = Object.entries(given).map(([name, entry]) => {
      const where = `${NAMES[part]}“${[...name].slice(0, 60).join("")}”`;
      need(key.test(name), `${NAMES[part]}的名字`, "本书里的名字", name);
      need(plain(entry), where, "一条记录", entry);
      for (const [field, [sound, wanted]] of Object.entries({ at: count, ...form })) {
        need(sound(entry[field]), `${where}的${field}`, wanted, entry[field]);
      }
      const fields = ["at", ...Object.keys(form)].map((field) => [field, entry[field]]);
      return [name, { ...Object.fromEntries(fields), at: Math.min(entry.at, Date.now()) }];
    });
    const fit = entries.filter(([, entry]) => !Object.values(entry).some((value) => value.length > LONGEST));
    long += entries.length - fit.length;
    return [part, Object.fromEntries(fit)];
  });
  return [settled({ kefu: all.kefu, ...Object.fromEntries(parts) }), long];
}

// Of two entries for the same thing the newer stays, so that nothing newer is lost by an old file.
async function take(file) {
  try {
    need(file.size <= MOST, "文件", "不超过5 MB", `${file.size}字节`);
    const [given, long] = parsed(await file.text());
    const kept = remember((all) => {
      for (const part of PARTS) {
        const newer = Object.entries(given[part]).filter(([name, { at }]) => !(all[part][name]?.at > at));
        all[part] = Object.fromEntries([...Object.entries(all[part]), ...newer]);
      }
    });
    const sizes = PARTS.map((part) => `${NAMES[part]}${Object.keys(given[part]).length}条`).join("、");
    const left = long ? `另有${long}条超过${LONGEST / 10_000}万字，太长，没有导入。` : "";
    told.textContent = `已导入：${sizes}。${left}${kept ? "" : unkept}`;
  } catch (error) {
    const why = error instanceof Fault ? error.message : "文件没能读出来，请再选一次。";
    told.textContent = `没有导入，原来的记录没有动。${why}`;
  }
}
const unkept = "浏览器没有让本页保存（无痕模式，或存储空间已满），关掉这一页就不在了。";

const asked = () => make("input", { type: "text", maxlength: "40", autocomplete: "off" });
const who = { number: asked(), name: asked() };

function save() {
  const given = handed(listed.dataset.edition, { number: who.number.value, name: who.name.value });
  const blob = new Blob([JSON.stringify(given, null, 1)], { type: "application/json" });
  const day = new Date().toLocaleDateString("sv"); // 2026-01-31
  const whose = Object.values(given.who ?? {}).join("").replace(/[^\p{L}\p{N}·-]/gu, "");
  const name = ["网店客服-学习进度", whose, day].filter(Boolean).join("-");
  const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  told.textContent = "已导出成一个文件，存在你的下载文件夹里。";
}

function minutes(seconds) {
  return Number.isFinite(seconds) && seconds >= 60 ? `${Math.round(seconds / 60)}分钟` : "不到1分钟";
}

// How often a reader has guessed, and how the statements at a chapter's beginning and end were judged: no marks.
function guessed(quiz, ids, truths) {
  const { guesses } = recall();
  const made = (name) => guesses[`${quiz}/${name}`];
  const done = ids.filter(made).length;
  const judged = (end) => truths.map((id) => made(id + end)).filter(Boolean);
  const right = (entries) => entries.filter((one) => one.right === true).length;
  const [before, after] = [judged(""), judged("/again")];
  const words = [
    done && `猜过${done}/${ids.length}处`,
    before.length && `开篇判断对${right(before)}/${truths.length}句`,
    after.length && `再判断对${right(after)}/${truths.length}句`,
  ].filter(Boolean);
  return words.join("，") || (ids.length ? `共${ids.length}处` : "还没有");
}

function row({ page, title, quiz, questions, guesses, truths, talks: names, cells: places }) {
  const { pages, answers, edits, exercises, talks } = recall();
  const address = new URL(`${page}.html`, root).href;
  const mine = (part) => Object.keys(part).filter((name) => name.startsWith(`${page}#`));
  const done = questions.map((id) => answers[`${quiz}/${id}`]).filter(Boolean);
  const right = done.filter((one) => one.right === true).length;
  const talked = names.map((name) => talks[name]).filter(Boolean);
  const won = talked.filter((one) => one.won === true).length;
  const [sign, words] = state(page);
  const read = pages[page]?.read === true ? "读完" : "在读";
  const here = (id) => Object.hasOwn(places, id); // an edition may have left a cell out
  const edited = mine(edits).map((name) => name.split("#")[1]).filter(here);
  const cells = edited.flatMap((id, at) => [at ? "、" : "", make("a", { href: `${address}#live-cell-${places[id]}` }, `第${at + 1}处`)]);
  return make("tr", { title: words },
    make("th", { scope: "row" }, make("a", { href: address }, title)),
    make("td", { "data-label": "阅读" }, pages[page] ? `${sign} ${read}，${minutes(pages[page].seconds)}` : "还没读"),
    make("td", { "data-label": "小测" }, done.length ? `答对${right}/${questions.length}题` : `共${questions.length}题`),
    make("td", { "data-label": "先猜" }, guessed(quiz, guesses, truths)),
    make("td", { "data-label": "对话" }, talked.length ? `谈好${won}/${names.length}段` : names.length ? `共${names.length}段` : "还没有"),
    make("td", { "data-label": "练习" }, mine(exercises).length ? `做对${mine(exercises).length}题` : "还没有"),
    make("td", { "data-label": "改过的代码" }, ...(cells.length ? cells : ["还没有"])),
  );
}

function show() {
  const head = ["章", "阅读", "小测", "先猜", "对话", "练习", "改过的代码"].map((words) => make("th", { scope: "col" }, words));
  table.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...chapters.map(row))));
  const { days } = recall();
  const { name, done } = rank(days);
  daily.textContent = done ? `今日三窗：满勤${done}天，连续${streak(days, dayOf(Date.now()))}天，称号“${name}”。` : "今日三窗：还没有满勤的一天。";
}

const chosen = make("input", { type: "file", accept: ".json,application/json", class: "visually-hidden", tabindex: "-1", "aria-label": "导入的文件" });
chosen.addEventListener("change", async () => {
  if (chosen.files.length) await take(chosen.files[0]);
  chosen.value = ""; // the same file may be chosen again
});
const sure = make("dialog", { class: "reader-sure", "aria-label": "清除全部记录" },
  make("p", {}, "清除阅读记录、小测答案、猜测与判断、对话演练、今日三窗、618的一夜、做对的练习和改过的代码？清除以后找不回来；想留一份，先导出。"),
  make("div", { class: "reader-buttons" },
    button("不清除", () => sure.close(), { autofocus: "" }),
    button("全部清除", () => {
      sure.close();
      told.textContent = forget() ? "已清除，这个浏览器里不再有本书的记录。" : `已清除。${unkept}`;
    }),
  ),
);
place.replaceChildren(
  table, daily,
  make("p", {}, "要交给老师的，先填学号和姓名再导出，它们只写进那个文件；自己留一份，可以空着。"),
  make("div", { class: "reader-buttons" }, make("label", {}, "学号", who.number), make("label", {}, "姓名", who.name)),
  make("div", { class: "reader-buttons" },
    button("导出成文件", save),
    button("从文件导入", () => chosen.click()),
    button("清除全部记录", () => sure.showModal()),
  ),
  chosen, told, sure,
);
document.addEventListener("kefu-remembered", show);
addEventListener("storage", show); // a chapter in another window
if (!remember(() => {})) told.textContent = unkept;
show();
