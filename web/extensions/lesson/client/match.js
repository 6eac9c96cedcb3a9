// Which line of a teacher's plan is about what is shown: by its name, or by the pairs of characters that both have.
const NUMBERS = /[一二三四五六七八九十\d]+$/;
const HAN = /[㐀-鿿]/;
const CLOSE = { "再判断一次": ["收口", "再判断", "出门条"], "工位卡": ["收口", "出门条", "工位卡"] };

export function pairs(text) {
  const found = new Set(), chars = [...text];
  for (let i = 1; i < chars.length; i++) if (HAN.test(chars[i - 1]) && HAN.test(chars[i])) found.add(chars[i - 1] + chars[i]);
  return found;
}
const head = (title) => title.replace(/^(动手|进阶|[一二三四五六七八九十]+、|练习\d+\s*★*)[：:\s]*/, "").trim();

// Return the index of the line that is nearest, or -1 where none is near enough. `titles` are the headings over what is
// shown, the nearest last; a line is { name, text }. `least` is how near it has to be.
export function nearest(titles, text, lines, least = 1.4) {
  for (const title of titles.toReversed()) {
    const bare = title.split(/[：:]/)[0].trim();
    const named = [bare, ...(CLOSE[bare] ?? [])];
    const exact = lines.findIndex(({ name }) => name && named.some((one) => name === one || (one.length > 2 && name.includes(one) && NUMBERS.test(one) === NUMBERS.test(name))));
    if (exact >= 0) return exact;
  }
  const seen = lines.map(({ name, text: said }) => pairs(`${name ?? ""}，${said}`));
  const rare = (pair) => Math.log(1 + lines.length / seen.filter((one) => one.has(pair)).length);
  const over = pairs(titles.map(head).join("，")), below = pairs(text);
  const numbered = /^(数据实验|练习)/;
  const scores = seen.map((one, i) => {
    if (numbered.test(lines[i].name ?? "")) return 0; // another's
    const called = pairs(lines[i].name ?? "");
    let score = 0;
    for (const pair of one) score += rare(pair) * ((over.has(pair) ? (called.has(pair) ? 4 : 2) : 0) + (below.has(pair) ? .6 : 0));
    return score / Math.sqrt(12 + one.size);
  });
  const best = scores.indexOf(Math.max(...scores));
  return best >= 0 && scores[best] >= least ? best : -1;
}
