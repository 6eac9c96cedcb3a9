// When a customer of the daily windows comes again, who comes today, how many days in a row, which rank.
// Pure: a day is a text such as 2026-01-31, in the time of the shop.
export const STEPS = [1, 3, 7, 16]; // days until a customer who was answered wrongly comes again, step by step
export const WINDOWS = 3;
const LATELY = 30; // windows by which a rank is judged, the newest
export const RANKS = [ // from the highest: days on which all windows were answered, share of right ones lately
  { name: "组长", days: 60, share: 0.9 },
  { name: "熟手", days: 20, share: 0.75 },
  { name: "转正", days: 5, share: 0.6 },
  { name: "试用", days: 0, share: 0 },
];

const shanghai = new Intl.DateTimeFormat("sv", { timeZone: "Asia/Shanghai" });
export const dayOf = (time) => shanghai.format(time);

export function later(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

// What is kept of an item after an answer: the step of the interval that runs, and the day on which it ends;
// "" where nothing runs. Right at first sight, or right after the last interval: it is known.
export function answered(old, right, day) {
  if (!right) return { step: 0, due: later(day, STEPS[0]) };
  if (!old?.due) return { step: STEPS.length, due: "" };
  const step = old.step + 1;
  return step < STEPS.length ? { step, due: later(day, STEPS[step]) } : { step, due: "" };
}

// A number that a text draws, the same wherever it is drawn.
export function lot(text) {
  let drawn = 0x811c9dc5;
  for (const character of text) drawn = Math.imul(drawn ^ character.codePointAt(0), 0x01000193);
  drawn = Math.imul(drawn ^ (drawn >>> 16), 0x85ebca6b);
  drawn = Math.imul(drawn ^ (drawn >>> 13), 0xc2b2ae35);
  return (drawn ^ (drawn >>> 16)) >>> 0;
}

// The items of a day beside those that it has already: who is due, the longest first; then new ones, drawn by
// the day and of different kinds where there are any; last, where no new one is left, known ones, the oldest first.
export function pick(items, records, day, chosen = []) {
  const taken = chosen.map((id) => items.find((item) => item.id === id)).filter(Boolean);
  const left = () => items.filter((item) => !taken.includes(item));
  const by = (key) => (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : lot(day + a.id) - lot(day + b.id));
  const record = ({ id }) => records[id];
  const fill = (those) => taken.push(...those.slice(0, Math.max(WINDOWS - taken.length, 0)));
  fill(left().filter((item) => record(item)?.due && record(item).due <= day).sort(by((item) => record(item).due)));
  const fresh = left().filter((item) => !record(item)).sort(by(() => 0));
  while (taken.length < WINDOWS && fresh.length) {
    const other = fresh.findIndex(({ kind }) => !taken.some((item) => item.kind === kind));
    taken.push(...fresh.splice(Math.max(other, 0), 1));
  }
  fill(left().filter((item) => record(item)?.due === "").sort(by((item) => record(item).at ?? 0)));
  return taken.map(({ id }) => id);
}

// The windows of a day as it is kept: who came, the answer, whether it was right (null: not answered). What a
// store has spoilt brings nobody.
const list = (value) => (Array.isArray(value) ? value : []);
export function rows(entry) {
  const [answers, right] = [list(entry?.answers), list(entry?.right)];
  return list(entry?.windows).map((id, at) => ({ id, answer: answers[at] ?? null, right: typeof right[at] === "boolean" ? right[at] : null }));
}

// How many of a day's windows still wait.
export const left = (entry) => rows(entry).filter(({ right }) => right === null).length;

// Whether all windows of a day were answered.
export const full = (entry) => rows(entry).length > 0 && left(entry) === 0;

// Days in a row on which all were answered, up to today, or to yesterday where today is still to come.
export function streak(days, day) {
  let count = 0;
  for (let one = full(days[day]) ? day : later(day, -1); full(days[one]); one = later(one, -1)) count += 1;
  return count;
}

// The rank, with what is still to do for the next: `days` more full days, or a larger `share` of right ones.
export function rank(days) {
  const done = Object.values(days).filter(full).length;
  const marks = Object.keys(days).sort().flatMap((day) => rows(days[day])).map(({ right }) => right).filter((one) => one !== null).slice(-LATELY);
  const share = marks.length ? marks.filter(Boolean).length / marks.length : 0;
  const at = RANKS.findIndex((one) => done >= one.days && share >= one.share);
  return { name: RANKS[at].name, done, share, next: RANKS[at - 1] };
}
