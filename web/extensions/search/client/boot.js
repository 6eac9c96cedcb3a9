// On every page: waits for the reader to ask for the search, and only then fetches the rest.
const KEPT = `kefu-search ${new URL(document.documentElement.dataset.content_root, location.href).pathname}`;
const AGE = 15_000; // ms between opening a result and the page's coming
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");

let panel;
async function open(opener) {
  try {
    panel ??= import("./panel.js");
    await (await panel).toggle(opener, { keep, arrive });
  } catch (error) {
    panel = null;
    console.error(error);
    const link = document.querySelector("a.kefu-search-open"); // to the search's own page
    if (link) location.assign(link.href);
  }
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.shiftKey) return;
  const short = (mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && event.key.toLowerCase() === "k";
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target);
  if (!short && !slash) return;
  event.preventDefault();
  open(document.activeElement);
});

for (const link of document.querySelectorAll("a.kefu-search-open")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") event.preventDefault(), link.click();
  });
}

// A result that was opened, in this tab or another: its page marks what was looked for.
function keep(url, query) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ url, query, at: Date.now() }));
  } catch {
    // without a store the page just opens at its section
  }
}
async function arrive() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    if (kept?.url !== location.href) return;
    localStorage.removeItem(KEPT);
    if (Date.now() - kept.at < AGE) (await import("./mark.js")).mark(kept.query, decodeURIComponent(location.hash.slice(1)));
  } catch {
    // nothing is kept
  }
}
arrive();

const page = document.getElementById("kefu-search-page");
if (page) import("./panel.js").then(({ fill }) => fill(page, { keep, arrive })).catch(console.error);
