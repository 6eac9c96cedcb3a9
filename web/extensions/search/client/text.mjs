// How texts and queries are compared, the same for the build of the index and for the page: width, case
// and spaces make no difference; a space only stays between two Latin words.

const LATIN = /[a-z0-9]/;
const SAME = new Map([["“", '"'], ["”", '"'], ["‘", "'"], ["’", "'"], ["〜", "~"]]);
const NOTHING = /[\u00ad\u200b-\u200d\u2060\ufeff]/; // soft hyphens and joints: nobody types them
const folded = new Map();

function fold(character) {
  let known = folded.get(character);
  if (known === undefined) {
    known = NOTHING.test(character) ? "" : (SAME.get(character) ?? character.normalize("NFKC").toLowerCase());
    folded.set(character, known);
  }
  return known;
}

// Return the folded text and, for each of its units, the place in the text that it comes from.
export function mapped(text) {
  const out = [], places = [];
  let place = 0, gap = -1;
  for (const character of text) {
    const plain = fold(character);
    if (!plain.trim()) {
      if (plain && gap < 0) gap = place;
    } else {
      if (gap >= 0 && LATIN.test(out.at(-1) ?? "") && LATIN.test(plain[0])) out.push(" "), places.push(gap);
      gap = -1;
      for (const unit of plain.split("")) out.push(unit), places.push(place);
    }
    place += character.length;
  }
  places.push(place);
  return { text: out.join(""), places };
}
export const plain = (text) => mapped(text).text;

// What stands between the words of a query: spaces, stops of Chinese, and a comma or slash between two characters.
const BETWEEN = /[\s、，。；：！？…]+|(?<=\p{Script=Han})[,;:/|]+(?=\p{Script=Han})/u;

// Return what a query asks for: the whole of it as one phrase, and its words, all of which are wanted.
export function asked(query) {
  const parts = query.split(BETWEEN).map(plain).filter(Boolean);
  const words = [...new Set(parts.length ? parts : query.normalize("NFKC").split(/\s+/).map(plain).filter(Boolean))];
  return { phrase: plain(query), words };
}

// Return the start of each place where `wanted` stands in `text`; places do not overlap.
export function starts(text, wanted) {
  const found = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) found.push(at);
  return found;
}

// Return the pairs of neighbouring characters of a folded text; with `singles`, its characters too.
export function grams(text, singles = false) {
  const all = [...text], found = new Set(singles ? all.filter((c) => c !== " ") : []);
  for (let i = 1; i < all.length; i++) if (all[i] !== " " && all[i - 1] !== " ") found.add(all[i - 1] + all[i]);
  return found;
}

// A Bloom filter: a set of grams in a few bits each, which never misses one that is in it and now and
// then says yes to one that is not. Its size is the number of its bytes.
const HASHES = 3;
function* bits(gram, size) {
  let a = 0x811c9dc5;
  for (let i = 0; i < gram.length; i++) a = Math.imul(a ^ gram.charCodeAt(i), 0x01000193);
  a = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
  a ^= a >>> 13;
  const step = (Math.imul(a, 0xc2b2ae35) >>> 0) | 1;
  for (let n = 0; n < HASHES; n++) yield ((a + Math.imul(n, step)) >>> 0) % (size * 8);
}
export function filter(found, size) {
  const set = new Uint8Array(size);
  for (const gram of found) for (const bit of bits(gram, size)) set[bit >> 3] |= 1 << (bit & 7);
  return set;
}
export function may(set, word) {
  const wanted = grams(word, [...word].length === 1);
  for (const gram of wanted) for (const bit of bits(gram, set.length)) if (!(set[bit >> 3] & (1 << (bit & 7)))) return false;
  return true;
}
