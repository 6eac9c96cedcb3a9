// A figure is enlarged by a tap, a click or a key, over the whole page; paper gets every picture, also one that
// still waits for the reader to come near.
const FIGURES = "article .cell_output img:not(.widget-image)";
let shown;

function make(tag, attributes, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

function dialog() {
  const close = make("button", { type: "button", className: "figure-close", textContent: "关闭" });
  const image = make("img", {});
  const place = make("div", { className: "figure-place", tabIndex: 0, role: "group" }, image);
  const made = make("dialog", { className: "figure-large" }, close, place);
  close.addEventListener("click", () => made.close());
  place.addEventListener("click", (event) => event.target === place && made.close());
  document.body.append(made);
  return { made, image, place };
}

function enlarge(figure) {
  shown ??= dialog();
  const { made, image, place } = shown;
  Object.assign(image, { src: figure.currentSrc || figure.src, alt: figure.alt });
  image.style.setProperty("--shape", figure.naturalWidth / figure.naturalHeight || 1.6);
  made.ariaLabel = `放大的图：${figure.alt}`;
  place.ariaLabel = "图，放不下时可以上下左右滚动";
  made.showModal();
  place.scrollTo(0, 0);
}

for (const figure of document.querySelectorAll(FIGURES)) {
  figure.tabIndex = 0;
  figure.role = "button";
  figure.ariaLabel = `放大看：${figure.alt}`;
  figure.ariaHasPopup = "dialog";
  figure.addEventListener("click", () => enlarge(figure));
  figure.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    enlarge(figure);
  });
}

const bring = () => {
  for (const image of document.images) image.loading = "eager";
};
addEventListener("beforeprint", bring);
matchMedia("print").addEventListener("change", ({ matches }) => matches && bring());
