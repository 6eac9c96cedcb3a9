// The engine: finds every place of the book where a query stands. It knows nothing of the screen.
//
// The index has each page's headings, and a filter that says which pages may hold a word; the texts of
// those are then fetched and read, so that what is told is exact.
import { asked, mapped, may, plain, starts } from "./text.mjs";

export const TERM = 7; // the level of a glossary's term
export const TIERS = ["title", "heading", "text", "answer", "teacher", "near"]; // in the order of the results
const PER_PAGE = 3; // places in the text of one page that are told at once
const WINDOW = [22, 84]; // characters of a snippet before its first hit, and in all

// Fetch a gzipped JSON file; a host that inflates such files by itself is well, too.
// It goes before what the page fetches meanwhile: the reader waits for it.
export async function unpacked(url, options) {
  const response = await fetch(url, { priority: "high", ...options });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const data = await response.arrayBuffer();
  const [a, b] = new Uint8Array(data, 0, 2);
  if (a !== 0x1f || b !== 0x8b) return JSON.parse(new TextDecoder().decode(data));
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

const both = (text) => ({ text, plain: plain(text) });

class Page {
  constructor(data, root, [url, name, set, places, aside], order) {
    Object.assign(this, { data, url: new URL(url, root).href, name, order, aside, texts: null, asked: null });
    this.set = Uint8Array.from(atob(set), (c) => c.charCodeAt(0));
    this.places = places.map(([anchor, level, heading]) => ({ anchor, level, heading, plain: plain(heading) }));
    this.title = this.places.find((place) => place.level === 1) ?? this.places[0];
  }
  holds(word) {
    return this.places.some((place) => place.plain.includes(word)) || may(this.set, word);
  }
  // Fetch the texts, once; after a failure the next search tries again.
  read() {
    this.asked ??= unpacked(new URL(`text/${this.name}.json.gz`, this.data)).then(
      (texts) => void (this.texts = texts.map((list) => ({ open: list.filter((text) => !Array.isArray(text)).map(both), folded: list.filter(Array.isArray).flat().map(both) }))),
      (error) => {
        this.asked = null;
        throw error;
      },
    );
    return this.asked;
  }
}

// Return a snippet of a text around its first hit, and what of it to mark, as [start, end] pairs.
export function snippet(text, wanted) {
  const { text: folded, places } = mapped(text);
  const end = (last) => last + (text.codePointAt(last) > 0xffff ? 2 : 1);
  const hits = wanted
    .flatMap((word) => starts(folded, word).map((at) => [places[at], end(places[at + word.length - 1])]))
    .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const from = Math.max(0, Math.min((hits[0]?.[0] ?? 0) - WINDOW[0], text.length - WINDOW[1]));
  const to = Math.max(Math.min(text.length, from + WINDOW[1]), hits[0]?.[1] ?? 0);
  const marks = [];
  for (const [start, end] of hits) {
    if (start >= to) break;
    const begin = Math.max(start, marks.at(-1)?.[1] ?? from);
    if (Math.min(end, to) > begin) marks.push([begin, Math.min(end, to)]);
  }
  const head = from > 0 ? "…" : "", shift = head.length - from;
  return {
    text: head + text.slice(from, to) + (to < text.length ? "…" : ""),
    marks: marks.map(([start, end]) => [start + shift, end + shift]),
  };
}

// Return the places of a page that answer a query, best first, if its texts (when there) hold all words.
function answers(page, { phrase, words }) {
  const parts = page.places.flatMap((place, n) => {
    const { open = [], folded = [] } = page.texts?.[n] ?? {};
    return [{ place, named: place.plain, texts: open }, ...(folded.length ? [{ place, named: "", texts: folded, answer: true }] : [])];
  });
  const has = (text, word) => text.includes(word);
  const inPart = ({ named, texts }, word) => has(named, word) || texts.some((t) => has(t.plain, word));
  if (!words.every((word) => parts.some((part) => inPart(part, word)))) return [];
  const found = [];
  for (const [order, part] of parts.entries()) {
    const { place, named, texts, answer } = part;
    const count = words.filter((word) => inPart(part, word)).length;
    const titled = !answer && place === page.title && words.every((word) => has(named, word));
    const about = (word) => has(named, word) || has(page.title.plain, word);
    const headed = words.every(about) && words.some((word) => has(named, word));
    if (!count) continue;
    const hits = texts.map((text) => ({
      text,
      whole: starts(text.plain, phrase).length,
      words: words.filter((word) => has(text.plain, word)).length,
      times: words.reduce((sum, word) => sum + starts(text.plain, word).length, 0),
    }));
    const worth = (hit) => (hit.whole ? 100 : hit.words);
    const best = hits.reduce((a, b) => (a && worth(a) >= worth(b) ? a : b), null);
    const whole = has(named, phrase) || best?.whole > 0;
    found.push({
      page,
      place,
      order,
      tier: page.aside ? "teacher" : answer ? "answer" : titled ? "title" : headed ? "heading" : "text",
      folded: answer === true,
      named: !answer && (titled || headed),
      all: count === words.length,
      // the phrase itself, all words in one text, in one section, in the page
      near: whole ? 3 : best?.words === words.length ? 2 : count === words.length ? 1 : 0,
      exact: named.split("(")[0] === phrase ? 2 : named.startsWith(phrase) ? 1 : 0,
      times: hits.reduce((sum, hit) => sum + (hit.whole || (words.length > 1 ? hit.times : 0)), 0),
      snippet: best && { source: best.text.text, wanted: best.whole ? [phrase] : words },
    });
  }
  // where one section holds all words, those that hold only some of them say nothing new
  const whole = found.filter(({ all, named }) => all || named);
  if (!whole.length) return found.sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || b.near - a.near || b.times - a.times).slice(0, 1);
  const open = new Set(whole.filter(({ folded }) => !folded).map(({ place }) => place)); // each place is told once
  return whole.filter(({ folded, place }) => !folded || !open.has(place));
}

const rank = (a, b) =>
  TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
  b.near - a.near || b.exact - a.exact ||
  a.page.order - b.page.order || b.times - a.times || a.order - b.order;

export class Book {
  constructor(data, root, index) {
    this.data = data;
    this.pages = index.map((entry, order) => new Page(data, root, entry, order));
  }
  // `data` is the folder of the index, `root` that of the site.
  static async open(data, root) {
    return new Book(data, root, await unpacked(new URL("index.json.gz", data), { cache: "no-cache" }));
  }

  // Yield what is found for a query, ever more complete: at once what the headings say, then with the
  // text of each page that comes in. Each time {results, pages, places, waiting, lost}: results are in
  // order; `waiting` pages are still to be read, `lost` ones could not be fetched.
  async *find(query) {
    const wanted = asked(query);
    if (!wanted.words.length) return;
    const pages = this.pages.filter((page) => wanted.words.every((word) => page.holds(word)));
    const known = new Map();
    let lost = 0;
    const settled = new Map(pages.filter((page) => !page.texts).map((page) => [page, page.read().then(() => page, () => (lost++, page))]));
    for (const page of pages) known.set(page, answers(page, wanted));
    yield this.told(known, settled.size, lost);
    while (settled.size) {
      const page = await Promise.race(settled.values());
      settled.delete(page);
      known.set(page, answers(page, wanted));
      yield this.told(known, settled.size, lost);
    }
  }

  // Return a query with its traditional characters as the book writes them; the table is fetched when first needed.
  async simplified(query) {
    if (!/\p{Script=Han}/u.test(query)) return query;
    this.pairs ??= unpacked(new URL("traditional.json.gz", this.data), { cache: "no-cache" }).then(
      (text) => new Map([...text.matchAll(/(.)(.)/gu)].map(([, old, simple]) => [old, simple])),
      (error) => {
        this.pairs = null;
        throw error;
      },
    );
    const pairs = await this.pairs;
    return [...query].map((character) => pairs.get(character) ?? character).join("");
  }

  told(known, waiting, lost) {
    const places = [...known.values()].flat().sort(rank);
    const seen = new Map();
    for (const place of places.filter(({ tier }) => !["title", "heading"].includes(tier))) {
      place.group = `${place.tier} ${place.page.url}`;
      const nth = (seen.get(place.group) ?? 0) + 1;
      seen.set(place.group, nth);
      place.more = nth > PER_PAGE;
    }
    return { results: places, pages: new Set(places.map(({ page }) => page)).size, places: places.length, waiting, lost };
  }
}
