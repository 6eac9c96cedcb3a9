// A notebook that is downloaded from this page is told the book's address, where its first cell
// finds the book's package. Without JavaScript the link gives the same notebook without the address.
const book = new URL(document.documentElement.dataset.content_root, location.href).href;

async function download(link) {
  const notebook = await (await fetch(link.href)).json();
  const setup = notebook.cells.find((cell) => cell.id === "kefu-setup");
  const lines = [setup.source].flat().join("");
  setup.source = lines.replace(/^BOOK = ".*?"/m, () => `BOOK = ${JSON.stringify(book)}`);
  const file = new Blob([JSON.stringify(notebook, null, 1), "\n"], { type: "application/x-ipynb+json" });
  const saved = document.createElement("a");
  Object.assign(saved, { href: URL.createObjectURL(file), download: link.href.split("/").pop() });
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 1000);
}

for (const link of document.querySelectorAll('a[href*="_sources/notebooks/"][href$=".ipynb"]')) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    download(link).catch(() => location.assign(link.href));
  });
}
