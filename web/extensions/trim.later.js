{ // Scripts marked "later" start when the page's text is there and shown: on a slow line they would stand in its way.
  const whole = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const shown = new Promise((done) => {
    addEventListener("load", done); // where nothing is ever painted, as in a tab behind
    new PerformanceObserver((seen) => {
      if (seen.getEntriesByName("first-contentful-paint").length) done();
    }).observe({ type: "paint", buffered: true });
  });
  Promise.all([whole, shown]).then(() => {
    for (const { src, type } of document.querySelectorAll('script[type^="later/"]')) {
      document.head.append(Object.assign(document.createElement("script"), { src, type: type.slice(6), async: false })); // in their order
    }
  });
}
