// The card of a glossary term: one popover for the whole page, shown beside the term that is pointed at,
// focused or tapped. Without this script the term is a link to the glossary, and so it stays for a mouse
// click and for Enter; a tap opens the card, which has the link.
const words = { more: "在术语表里看" };
const GAP = 6; // pixels between a term and its card, and between the card and the window's edge
const PAUSE = 120; // milliseconds to move the pointer from the term to the card

const terms = [...document.querySelectorAll("a.kefu-term")];
const card = document.createElement("div");
const parts = { name: document.createElement("strong"), meaning: document.createElement("p"), more: document.createElement("a") };
let shown = null;
let leaving = 0;
let pointer = "mouse"; // what touched a term last: not every browser says so of a click

function build() {
  card.className = "kefu-card-of-term";
  card.popover = "auto"; // a tap elsewhere closes it
  parts.more.textContent = words.more;
  parts.more.tabIndex = -1; // Enter on the term itself leads there
  card.append(parts.name, parts.meaning, parts.more);
  card.addEventListener("toggle", (event) => { if (event.newState === "closed") shown = null; });
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  const described = document.createElement("div"); // what a screen reader says of each term
  described.hidden = true;
  terms.forEach((term, number) => {
    const meaning = document.createElement("span");
    Object.assign(meaning, { id: `kefu-term-${number}`, textContent: term.dataset.meaning });
    described.append(meaning);
    term.setAttribute("aria-describedby", meaning.id);
  });
  (terms[0].closest("article") ?? document.body).append(described, card);
}

// Below the term, or above it where there is no room; never beyond the window's edges.
function place(term) {
  const line = term.getClientRects()[0]; // a term may be broken over two lines
  const { width, height } = card.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(GAP, Math.min(line.left, clientWidth - width - GAP));
  const below = line.bottom + GAP + height <= clientHeight || line.top < height + GAP;
  card.style.left = `${left}px`;
  card.style.top = `${below ? line.bottom + GAP : line.top - GAP - height}px`;
}

function show(term) {
  clearTimeout(leaving);
  if (shown === term) return;
  parts.name.textContent = term.dataset.term;
  parts.meaning.textContent = term.dataset.meaning;
  parts.more.href = term.href;
  card.showPopover();
  shown = term;
  place(term);
}

function hide() {
  clearTimeout(leaving);
  if (shown) card.hidePopover();
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, PAUSE);
}

if (terms.length && "popover" in HTMLElement.prototype) {
  build();
  for (const term of terms) {
    term.addEventListener("pointerenter", ({ pointerType }) => { if (pointerType === "mouse") show(term); });
    term.addEventListener("pointerleave", ({ pointerType }) => { if (pointerType === "mouse") leave(); });
    term.addEventListener("focus", () => { if (term.matches(":focus-visible")) show(term); });
    term.addEventListener("blur", leave);
    term.addEventListener("pointerdown", ({ pointerType }) => { pointer = pointerType; });
    term.addEventListener("click", (event) => {
      if (pointer === "mouse" || event.detail === 0) return; // a mouse has seen the card; 0 is Enter
      event.preventDefault();
      show(term);
    });
  }
  addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); }); // Sphinx's own script stops the popover's
  // the browser itself scrolls to what the keyboard reaches
  addEventListener("scroll", () => (shown && shown === document.activeElement ? place(shown) : hide()), { passive: true });
  addEventListener("resize", hide);
}
