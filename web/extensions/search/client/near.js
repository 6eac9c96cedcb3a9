// Help for a query that is found nowhere, or typed in pinyin: the headings and terms most like it, by
// their characters, by how they are read, and by the initials of that. Fetched when first needed.
import MiniSearch from "minisearch";

import { TERM, unpacked } from "./find.js";
import { grams, plain } from "./text.mjs";

const LEVELS = new Set([1, 2, 3, TERM]);
const AT_MOST = 6;
const LIKE = { characters: 0.45, latin: 0.2 }; // of the best one's score: a longer heading has less
const words = (text) => text.split(" ").filter(Boolean);
const paired = (syllables) => [...syllables, ...syllables.slice(1).map((next, n) => syllables[n] + next)];
const FIELDS = { characters: (text) => [...grams(plain(text), true)], syllables: (text) => paired(words(text)) };

// The ends of a reading from each of its syllables on, run together: what somebody may type of it.
const ends = (syllables) => syllables.map((_, n) => syllables.slice(n).join(""));

// The characters of GB2312's first level, which stand in the order of their sound.
function common() {
  const bytes = [];
  for (let row = 0xb0; row < 0xd8; row++) for (let cell = 0xa1; cell < 0xff; cell++) bytes.push(row, cell);
  return [...new TextDecoder("gb2312").decode(new Uint8Array(bytes))].filter((c) => /[\u4e00-\u9fff]/.test(c));
}

export class Near {
  constructor(book, { runs, headings }) {
    const syllables = runs.flatMap(([syllable, count]) => Array(count).fill(syllable));
    this.readings = new Map(common().map((character, n) => [character, syllables[n]]));
    this.engine = new MiniSearch({
      fields: ["characters", "syllables", "typed", "initials"],
      tokenize: (text, field) => (FIELDS[field] ?? words)(text),
      processTerm: (term) => term,
    });
    this.places = [];
    const seen = new Set();
    for (const [p, page] of book.pages.entries()) {
      for (const [n, place] of page.places.entries()) {
        if (!LEVELS.has(place.level) || seen.has(place.plain)) continue;
        seen.add(place.plain);
        const syllables = words(headings[p][n]);
        this.engine.add({
          id: this.places.length,
          characters: place.heading,
          syllables: syllables.join(" "),
          typed: ends(syllables).join(" "),
          initials: ends(syllables.map((s) => s[0])).join(" "),
        });
        this.places.push({ page, place, tier: "near", snippet: null });
      }
    }
  }
  static async open(book) {
    return new Near(book, await unpacked(new URL("pinyin.json.gz", book.data), { cache: "no-cache" }));
  }

  // Return the places whose heading is most like the query, best first; those for teachers last.
  find(query) {
    const text = plain(query).replaceAll(" ", "");
    const latin = /^[a-z]+$/.test(text);
    const options = latin
      ? { fields: ["typed", "initials"], prefix: true, fuzzy: (term) => (term.length > 5 ? 0.2 : false), tokenize: () => [text] }
      : { queries: [
          { queries: [text], fields: ["characters"], tokenize: FIELDS.characters },
          { queries: [[...text].map((c) => this.readings.get(c) ?? "").join(" ")], fields: ["syllables"], tokenize: FIELDS.syllables },
        ], combineWith: "OR" };
    const found = this.engine.search(latin ? text : options, latin ? options : {});
    const like = found.filter(({ score }) => score >= LIKE[latin ? "latin" : "characters"] * found[0].score).slice(0, AT_MOST);
    return like.map(({ id }) => this.places[id]).sort((a, b) => Boolean(a.page.aside) - Boolean(b.page.aside));
  }
}
