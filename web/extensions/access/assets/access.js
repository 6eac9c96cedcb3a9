// What runs over its box can be scrolled from the keyboard: it takes the focus, but only while it runs over.
const SCROLLS = "article :is(table, .widget-html, .widget-html-content, .live-picture, .pst-scrollable-table-container, .formula, .cell_output > .output)";
const NAME = "可以左右滚动";

function mark() {
  for (const box of document.querySelectorAll(SCROLLS)) {
    const flow = getComputedStyle(box).overflowX;
    if (box.scrollWidth > box.clientWidth + 1 && (flow === "auto" || flow === "scroll")) {
      box.tabIndex = 0;
      if (box.tagName === "DIV") Object.assign(box, { role: "group", ariaLabel: NAME });
    } else if (box.tabIndex === 0) box.removeAttribute("tabindex");
  }
}

new ResizeObserver(mark).observe(document.querySelector("article") ?? document.body);
