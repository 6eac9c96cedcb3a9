// Set formulas with MathJax at the build: JSON [[tex, display], ...] in, JSON [html, ...] out, each an
// SVG for the eye and MathML for a screen reader. node formulas.mjs PATH/TO/node_modules/mathjax
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const mathjax = createRequire(import.meta.url)(resolve(process.argv[2]));
const math = await mathjax.init({
  loader: { load: ["input/tex-full", "output/svg"] },
  svg: { fontCache: "none" },
  tex: { packages: { "[-]": ["noundefined"] } }, // which would only show an unknown command in red
  liteAdaptor: { cjkCharWidth: 0.884 }, // Chinese is drawn at that part of the letters' size
});
const set = ([tex, display]) => {
  const drawn = math.startup.adaptor.innerHTML(math.tex2svg(tex, { display }));
  if (drawn.includes("data-mjx-error")) throw new Error(`formula ${tex}: ${drawn.match(/data-mjx-error="([^"]*)/)[1]}`);
  const spoken = math.tex2mml(tex, { display }).replace(/>\s+</g, "><");
  const natural = drawn.match(/ width="([^"]*)"/)[1];
  const shown = drawn.replace('role="img"', 'aria-hidden="true"').replace('style="', `style="--wide: ${natural}; `);
  return `${shown}<span class="visually-hidden">${spoken}</span>`;
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(set)));
