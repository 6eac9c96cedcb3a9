// Makes the search's data from the pages' texts: node index.mjs TARGET < PAGES.json. See README.md.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { filter, grams, plain } from "./client/text.mjs";

const BITS = 4; // of a page's filter for each different gram in it: it says yes in vain to one in seven
const [target] = process.argv.slice(2);
const { pages, readings } = JSON.parse(readFileSync(0, "utf8"));
mkdirSync(join(target, "text"), { recursive: true });
const packed = (data) => gzipSync(JSON.stringify(data), { level: 9 });

const index = pages.map(({ url, sections }) => {
  const texts = sections.map((section) => section.texts);
  const found = new Set(texts.flat().flatMap((text) => [...grams(plain(text), true)]));
  const set = filter(found, Math.max(8, Math.ceil((found.size * BITS) / 8)));
  const data = packed(texts);
  const name = createHash("sha256").update(data).digest("hex").slice(0, 12);
  writeFileSync(join(target, "text", `${name}.json.gz`), data);
  const places = sections.map(({ anchor, level, heading }) => [anchor, level, heading]);
  return [url, name, Buffer.from(set).toString("base64"), places];
});
writeFileSync(join(target, "index.json.gz"), packed(index));
writeFileSync(join(target, "pinyin.json.gz"), packed(readings));
