// What keeps a quiz's answers in a learning platform, by its SCORM 1.2 interface: in the form that quiz.js asks of
// a store. The score is the share of questions that stand as right; who comes back finds all that was answered.
import { enliven } from "./quiz.js";

const found = (at) => {
  for (let up = 0; at && up < 20; up++, at = at.parent === at ? null : at.parent) if (at.API) return at.API;
};
const api = found(window) ?? (window.opener ? found(window.opener) : null);
const place = document.querySelector("[data-questions]");
const questions = JSON.parse(place.dataset.questions);
const set = (name, value) => api.LMSSetValue(name, String(value)) === "true";
const began = Date.now();

// An answer as the platform lists it: letters in their order for what was chosen or sorted, else what was typed.
const told = (answer) => (Array.isArray(answer) ? answer.map((at) => "abcdefg"[at]).join(",") : String(answer).slice(0, 250));
const TYPES = { single: "choice", multiple: "choice", order: "sequencing", number: "fill-in" };

function report(answers, count) {
  const entries = questions.map(({ id }) => answers[`${place.dataset.quiz}/${id}`]);
  for (const [name, value] of [["min", 0], ["max", 100]]) set(`cmi.core.score.${name}`, value);
  set("cmi.core.score.raw", Math.round((100 * entries.filter((entry) => entry?.right).length) / entries.length));
  set("cmi.core.lesson_status", entries.every(Boolean) ? "completed" : "incomplete");
  const at = entries.findIndex((entry) => entry && entry.at === Math.max(...entries.map((one) => one?.at ?? 0)));
  if (at < 0) return count;
  for (const [name, value] of [["id", questions[at].id], ["type", TYPES[questions[at].kind]],
    ["student_response", told(entries[at].answer)], ["result", entries[at].right ? "correct" : "wrong"]]) set(`cmi.interactions.${count}.${name}`, value);
  return count + 1;
}

if (api) {
  api.LMSInitialize("");
  let kept = { answers: {}, guesses: {} };
  try { kept = { ...kept, ...JSON.parse(api.LMSGetValue("cmi.suspend_data")) }; } catch {} // the first time
  let count = Number(api.LMSGetValue("cmi.interactions._count")) || 0;
  const remember = (act) => {
    act(kept);
    count = report(kept.answers, count);
    return set("cmi.suspend_data", JSON.stringify(kept)) && api.LMSCommit("") === "true";
  };
  enliven({ recall: () => kept, remember });
  addEventListener("pagehide", () => {
    const spent = [3600, 60, 1].map((unit, at) => Math.floor((Date.now() - began) / 1000 / unit) % (at ? 60 : 9999));
    set("cmi.core.session_time", spent.map((part, at) => String(part).padStart(at ? 2 : 4, "0")).join(":"));
    set("cmi.core.exit", "suspend");
    api.LMSFinish("");
  });
} else enliven(); // opened outside of a platform: answers stay in this browser
