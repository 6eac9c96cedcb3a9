// On the page that a result led to: marks the phrase in its section and brings it into view.
import { asked, mapped, starts } from "./text.mjs";

const UNREAD = "script, style, template, noscript, .headerlink, svg[aria-hidden=true]";
const NAME = "kefu-found";

// Return the ranges in an element where one of the words stands, in the order of the page.
function ranges(element, wanted) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const whole = [], nodes = [];
  let block = null, length = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(UNREAD)) continue;
    let owner = node.parentElement;
    while (owner !== element && getComputedStyle(owner).display.startsWith("inline")) owner = owner.parentElement;
    if (block && owner !== block) whole.push("\n\u3000"), (length += 2); // nothing is found across two blocks
    block = owner;
    nodes.push([length, node]);
    whole.push(node.data);
    length += node.data.length;
  }
  const text = whole.join("");
  const { text: folded, places } = mapped(text);
  const at = (place) => {
    const [start, node] = nodes.findLast(([start]) => start <= place);
    return [node, Math.min(place - start, node.length)];
  };
  const found = [];
  for (const word of wanted) {
    for (const start of starts(folded, word)) {
      const range = new Range();
      range.setStart(...at(places[start]));
      const last = places[start + word.length - 1];
      const [node, offset] = at(last);
      range.setEnd(node, Math.min(node.length, offset + (text.codePointAt(last) > 0xffff ? 2 : 1)));
      found.push(range);
    }
  }
  return found.sort((a, b) => a.compareBoundaryPoints(Range.START_TO_START, b));
}

export function mark(query, anchor) {
  const element = (anchor && document.getElementById(anchor)) || document.querySelector("article.bd-article");
  const { phrase, words } = asked(query);
  if (!element || !phrase) return;
  const scope = element.matches("dt") ? element.parentElement : element;
  let found = ranges(scope, [phrase]);
  if (!found.length) found = ranges(scope, words);
  found = found.filter((range) => element === scope || !(element.compareDocumentPosition(range.startContainer) & Node.DOCUMENT_POSITION_PRECEDING));
  if (!found.length) return;
  globalThis.CSS?.highlights?.set(NAME, new Highlight(...found));
  const first = found[0].startContainer.parentElement;
  first.dispatchEvent(new Event("beforematch", { bubbles: true })); // what is folded unfolds itself
  for (let fold = first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const { top, bottom } = found[0].getBoundingClientRect();
  if (top < 80 || bottom > innerHeight - 40) scrollBy({ top: top - innerHeight / 3, behavior: "instant" });
}
