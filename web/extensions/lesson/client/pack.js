// How a chapter's blocks are packed into slides: by their heights alone, so that it can be tried without a page.
//
// A block is { kind, tall, thin, scene, wide, starts, lead }. Its `kind` is heading, text, caption, try, cell or demo;
// `tall` is its height across the slide, `thin` in the column beside a demo. A demo has `scene`, its height in its own
// column, and `wide`, that across the slide with what it tells at its side, each with the size that it then has, a part
// of the text's (`columnsPart`, `widePart`). `starts` is the level of a heading that
// begins a slide, `lead` says that a sentence leads to what follows. All are in px, as are `room`, the height of a
// slide, `gap`, that between two blocks, and `above`, that of the line over a slide which neither a heading
// begins nor a demo names.
const EMPTY = .3; // below this part of the room a slide is nearly empty
const SHRINK = .82; // a slide of text may be shown as small as this, if that saves a cut
const CLOSE = 1.04; // one with a demo may be taller by this, which is shown a little smaller
const LEGIBLE = .8; // a demo is put in a column if it can be this large in it
const BESIDE = new Set(["text", "caption", "try"]);

const stacked = (heights, gap) => heights.reduce((all, one) => all + one, 0) + gap * Math.max(heights.length - 1, 0);

// How a run of blocks looks as one slide: its height, and "rows", "columns" or "wide"; null if it cannot be one.
export function slide(blocks, { room, gap, above }) {
  const at = blocks.findIndex(({ kind }) => kind === "demo"), demo = blocks[at];
  const over = demo || blocks[0].kind === "heading" ? 0 : above + gap;
  if (!demo) return { tall: over + stacked(blocks.map(({ tall }) => tall), gap), way: "rows" };
  const heads = blocks.filter(({ kind }) => kind === "heading"), beside = blocks.filter(({ kind }) => BESIDE.has(kind));
  if (heads.length + beside.length + 1 < blocks.length) return null;
  const leads = beside.filter((one) => blocks.indexOf(one) < at), notes = beside.slice(leads.length);
  const pairs = notes.length === 1 ? [notes[0].tall] : notes.flatMap(({ half }, i) => (i % 2 ? [] : [Math.max(half, notes[i + 1]?.half ?? 0)]));
  const top = over + (heads.length ? stacked(heads.map(({ tall }) => tall), gap) + gap : 0);
  const ways = beside.length ? [{ tall: top + Math.max(demo.scene, stacked(beside.map(({ thin }) => thin), gap)), way: "columns", part: demo.columnsPart }] : [];
  ways.push({ tall: top + stacked([...leads.map(({ tall }) => tall), demo.wide, ...pairs], gap), way: "wide", part: demo.widePart });
  const fitting = ways.filter(({ tall }) => tall <= room * CLOSE);
  return fitting.find(({ part }) => part >= LEGIBLE) ?? fitting.at(-1) ?? ways.reduce((low, one) => (one.tall < low.tall ? one : low));
}

// What it costs to end a slide between two blocks.
function torn(before, after) {
  if (before.kind === "heading") return Infinity;
  if (after.kind === "caption") return 9;
  if (after.kind === "try") return 3;
  return before.lead ? 6 : 0;
}

// One big block with what belongs to it may be taller than the screen.
function scrolls(run, room) {
  const rest = run.filter(({ tall, kind }) => kind !== "demo" && tall < room * .6);
  return rest.length === run.length - 1 && rest.every(({ kind, lead, tall }) => lead || tall < room / 6 || (kind !== "cell" && kind !== "text"));
}

// The best way to cut a section: few slides, evenly filled, with nothing torn that belongs together.
function cut(blocks, frame) {
  const { room } = frame;
  const best = [{ cost: 0, from: -1 }];
  for (let to = 1; to <= blocks.length; to++) {
    best[to] = { cost: Infinity, from: -1 };
    for (let from = to - 1; from >= 0; from--) {
      const run = blocks.slice(from, to), made = slide(run, frame);
      if (!made) continue;
      const things = run.filter(({ kind }) => kind !== "heading").length, over = made.tall / room - 1;
      const most = made.way === "rows" ? 1 / SHRINK - 1 : CLOSE - 1;
      if (over > most && things > 1 && !scrolls(run, room)) continue;
      const empty = Math.max(1 - made.tall / (room * .9), 0);
      const cost = best[from].cost + 1 + 2 * empty ** 2 + (made.tall < room * EMPTY ? 5 : 0) + (over > 0 ? .3 + 2 * over : 0)
        + (to < blocks.length ? torn(blocks[to - 1], blocks[to]) : 0);
      if (cost < best[to].cost) best[to] = { cost, from };
    }
    if (best[to].from < 0) best[to] = { cost: best[to - 1].cost + 99, from: to - 1 };
  }
  const cuts = [];
  for (let to = blocks.length; to > 0; to = best[to].from) cuts.unshift([best[to].from, to]);
  return cuts;
}

// Return the slides, each [from, to) of the blocks: a heading begins one, and what would be nearly empty joins a neighbour.
export function pack(blocks, frame) {
  const { room } = frame;
  const sections = [];
  blocks.forEach(({ starts }, i) => {
    if (!i || (starts && blocks[i - 1].kind !== "heading")) sections.push([i, i + 1]);
    else sections.at(-1)[1] = i + 1;
  });
  const look = ([from, to]) => slide(blocks.slice(from, to), frame);
  const low = (one) => (look(one)?.tall ?? room) < room * EMPTY;
  const slides = [];
  for (let s = 0; s < sections.length; s++) {
    const [from, to] = sections[s];
    const cuts = cut(blocks.slice(from, to), frame).map(([a, b]) => [from + a, from + b]);
    // a short opening goes with the first part below it
    if (cuts.length === 1 && low(cuts[0]) && s + 1 < sections.length && blocks[to].starts > blocks[from].starts) sections[s + 1][0] = from;
    else slides.push(...cuts);
  }
  const join = (a, b) => {
    const made = look([a[0], b[1]]);
    return made && made.tall <= (made.way === "rows" ? room / SHRINK : room * CLOSE) ? [a[0], b[1]] : null;
  };
  for (let i = 0; i < slides.length; i++) {
    if (!low(slides[i])) continue;
    const behind = i + 1 < slides.length && blocks[slides[i + 1][0]].starts !== 2 && join(slides[i], slides[i + 1]);
    const before = i > 0 && blocks[slides[i][0]].starts !== 2 && join(slides[i - 1], slides[i]);
    if (before) slides.splice(--i, 2, before);
    else if (behind) slides.splice(i--, 2, behind);
  }
  return slides;
}
