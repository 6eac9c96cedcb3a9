{ // What a reader sees first comes first: the text in view, then the scripts, then the text below, a section at a time.
  const { documentElement: root, head } = document;
  const atTop = performance.getEntriesByType("navigation")[0]?.type === "navigate" && !location.hash;
  root.setAttribute("data-coming", atTop && "requestIdleCallback" in window ? "below" : "scripts"); // gone when all is there; named in full, or the trimming drops its rule
  const whole = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const shown = new Promise((done) => {
    addEventListener("load", done); // where nothing is ever painted, as in a tab behind
    new PerformanceObserver((seen) => {
      if (seen.getEntriesByName("first-contentful-paint").length) done();
    }).observe({ type: "paint", buffered: true });
  });
  const started = ({ src, type }) => new Promise((onload) => {
    head.append(Object.assign(document.createElement("script"), { src, type: type.slice(6), async: false, onload, onerror: onload })); // in their order
  });
  const idle = () => new Promise((done) => requestIdleCallback(done, { timeout: 200 }));
  Promise.all([whole, shown]).then(async () => {
    await Promise.all([...document.querySelectorAll('script[type^="later/"]')].map(started));
    for (const section of root.dataset.coming === "below" ? document.querySelectorAll("article section section") : []) {
      await idle();
      section.style.contentVisibility = "visible";
    }
    delete root.dataset.coming;
  });
}
