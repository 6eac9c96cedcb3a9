// A chapter's two tracks: what goes into depth is folded until the reader wants it, or one part of it. And the
// card at its end, which prints alone.
const root = document.documentElement;
const parts = [...document.querySelectorAll("section.advanced")];
const choices = [...document.querySelectorAll("[data-choice]")];
const toggle = (part) => part.querySelector(":scope > .tracks > button");

function open(part, on) {
  part.classList.toggle("track-open", on);
  toggle(part).setAttribute("aria-expanded", on);
  toggle(part).textContent = on ? "收起这一段" : "展开这一段";
}

// Unfold all that an element stands in; tell whether anything was folded.
function reveal(element) {
  let folded = false;
  for (let part = element?.closest("section.advanced"); part; part = part.parentElement.closest("section.advanced")) {
    folded ||= root.dataset.track === "main" && !part.classList.contains("track-open");
    open(part, true);
  }
  return folded;
}

function show() {
  for (const choice of choices) choice.setAttribute("aria-pressed", choice.dataset.choice === root.dataset.track);
  dispatchEvent(new Event("resize")); // for what measures itself
}

for (const choice of choices) choice.addEventListener("click", () => {
  root.setAttribute("data-track", choice.dataset.choice);
  bookStorage.localStorage.setItem("track", choice.dataset.choice);
  for (const part of parts) open(part, false);
  show();
});
for (const part of parts) toggle(part).addEventListener("click", () => {
  open(part, !part.classList.contains("track-open"));
  show();
});

// What leads into a folded part unfolds it: an address, and whoever asks an element to show itself as a
// browser's own search does.
function follow() {
  let target = null;
  try {
    target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {} // no address of ours
  if (target && reveal(target)) target.scrollIntoView({ behavior: "instant" });
}
document.addEventListener("beforematch", ({ target }) => reveal(target));
addEventListener("hashchange", follow);
show();
follow();

for (const button of document.querySelectorAll(".card-print")) button.addEventListener("click", () => {
  root.setAttribute("data-print", "card");
  print();
});
addEventListener("afterprint", () => root.removeAttribute("data-print"));
