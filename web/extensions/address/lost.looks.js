{ // As the reader has set the book, light or dark, before anything is shown.
  let mode = "auto";
  try {
    mode = localStorage.getItem("mode");
  } catch {} // no store: as the system is
  const dark = mode === "dark" || (mode !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
