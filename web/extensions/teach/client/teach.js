// A part of the teacher's room prints alone: a chapter's role cards, a card for the desk.
const root = document.documentElement;
for (const button of document.querySelectorAll(".teach-print")) button.addEventListener("click", () => {
  button.closest("section").classList.add("teach-printing");
  root.setAttribute("data-print", "teach");
  print();
});
addEventListener("afterprint", () => {
  root.removeAttribute("data-print");
  document.querySelector(".teach-printing")?.classList.remove("teach-printing");
});
