// On every chapter: waits for the teacher, and only then fetches the rest.
let lesson;
const button = document.querySelector(".btn-lesson");

async function begin() {
  try {
    lesson ??= import("./lesson.js");
    await (await lesson).begin(button);
  } catch (error) {
    lesson = null; // no network: the next press tries again
    console.error(error);
  }
}

button?.addEventListener("click", begin);
if (new URLSearchParams(location.search).get("class") === "1") begin();
