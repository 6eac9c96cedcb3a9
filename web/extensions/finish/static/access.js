// What runs over its box can be scrolled from the keyboard: it takes the focus, but only while it runs over.
// Only what is shown is measured, and all of it before the first mark: a mark may need a new layout.
const SCROLLS = "article :is(pre, table, .widget-html, .widget-html-content, .live-picture, .jp-RenderedHTMLCommon, .pst-scrollable-table-container, .formula, .cell_output > .output)";
const SCROLLING = new Set(["auto", "scroll"]);

function name(box) {
  const { overflowX, overflowY } = getComputedStyle(box);
  if (box.scrollWidth > box.clientWidth + 1 && SCROLLING.has(overflowX)) return "可以左右滚动";
  return box.scrollHeight > box.clientHeight + 1 && SCROLLING.has(overflowY) ? "可以上下滚动" : null;
}

function mark(box, ariaLabel) {
  if (!ariaLabel) {
    if (box.tabIndex !== 0) return;
    for (const given of box.tagName === "DIV" ? ["tabindex", "role", "aria-label"] : ["tabindex"]) box.removeAttribute(given);
    return;
  }
  box.tabIndex = 0;
  if (box.tagName === "DIV") Object.assign(box, { role: "group", ariaLabel });
}

const boxes = new ResizeObserver((seen) => seen.map(({ target }) => [target, name(target)]).forEach((one) => mark(...one)));
const page = new ResizeObserver(() => document.querySelectorAll(SCROLLS).forEach((box) => boxes.observe(box)));
page.observe(document.querySelector("article") ?? document.body);
