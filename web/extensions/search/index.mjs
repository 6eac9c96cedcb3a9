// Makes the search's data from the pages' texts: node index.mjs TARGET < PAGES.json. See README.md.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { filter, grams, plain } from "./client/text.mjs";

const BITS = 4; // of a page's filter for each different gram in it: it says yes in vain to one in seven
const [target] = process.argv.slice(2);
const { pages, readings, traditional } = JSON.parse(readFileSync(0, "utf8"));
mkdirSync(join(target, "text"), { recursive: true });
const packed = (data) => gzipSync(JSON.stringify(data), { level: 9 });

const index = pages.map(({ url, aside, sections }) => {
  const texts = sections.map(({ texts, answers }) => (answers.length ? [...texts, answers] : texts));
  const found = new Set(texts.flat(2).flatMap((text) => [...grams(plain(text), true)]));
  const set = filter(found, Math.max(8, Math.ceil((found.size * BITS) / 8)));
  const data = packed(texts);
  const name = createHash("sha256").update(data).digest("hex").slice(0, 12);
  writeFileSync(join(target, "text", `${name}.json.gz`), data);
  const places = sections.map(({ anchor, level, heading }) => [anchor, level, heading]);
  return [url, name, Buffer.from(set).toString("base64"), places, ...(aside ? [true] : [])];
});
writeFileSync(join(target, "index.json.gz"), packed(index));
writeFileSync(join(target, "pinyin.json.gz"), packed(readings));

// Of the traditional characters those whose simplified one the book has, while it has not them.
const written = new Set(pages.flatMap(({ sections }) => sections.flatMap((part) => [part.heading, ...part.texts, ...part.answers])).join(""));
const known = [...traditional.matchAll(/(.)(.)/gu)].filter(([, old, simple]) => written.has(simple) && !written.has(old));
writeFileSync(join(target, "traditional.json.gz"), packed(known.map(([pair]) => pair).join("")));
