// On every chapter: waits for the teacher, and only then fetches the rest. 上课 has two ways, the text and its demos in
// large type and 放映, a slide at a time; each leads to the other.
const modules = {};
const load = { lesson: () => import("./lesson.js"), slides: () => import("./slides.js") };
const button = { lesson: document.querySelector(".btn-lesson"), slides: document.querySelector(".btn-slides") };
const other = { lesson: "slides", slides: "lesson" };

async function begin(way) {
  try {
    modules[way] ??= load[way]();
    const { begin: start, end } = await modules[way];
    await start(button[way], () => {
      end();
      begin(other[way]);
    });
  } catch (error) {
    delete modules[way]; // no network: the next press tries again
    console.error(error);
  }
}

for (const way of Object.keys(load)) button[way]?.addEventListener("click", () => begin(way));
const asked = new URLSearchParams(location.search).get("class");
if (asked === "1") begin("lesson");
if (asked === "slides") begin("slides");
