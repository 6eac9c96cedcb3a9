// Trim style sheets and scripts at the build: JSON {sheets: [[css, words], ...], scripts: [js, ...]} in,
// JSON {sheets: [[whole, kept], ...], scripts: [js, ...]} out. node trim.mjs PATH/TO/node_modules
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(resolve(process.argv[2], "trim.mjs"));
const { PurgeCSS } = require("purgecss");
const { transform } = require("esbuild");

const small = async (code, loader) => (await transform(code, { loader, minify: true, charset: "utf8" })).code;

async function sheet([css, words]) {
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [{ raw: words.join(" "), extension: "html" }],
    css: [{ raw: css }],
    keyframes: true,
    variables: true,
    safelist: { variables: words.filter((word) => word.startsWith("--")) },
  });
  return [await small(css, "css"), await small(kept, "css")];
}

const { sheets, scripts } = JSON.parse(readFileSync(0, "utf8"));
const done = {
  sheets: await Promise.all(sheets.map(sheet)),
  scripts: await Promise.all(scripts.map((code) => small(code, "js"))),
};
process.stdout.write(JSON.stringify(done));
