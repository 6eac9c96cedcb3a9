// Reading without a network: registers the book's service worker (sw.js), tells it which page was
// visited, and on the cover lets the reader keep the whole book or delete it again. Where a browser has
// no service workers, or the book is read from a file or over plain http, nothing here shows.
const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

// Ask the worker; resolves to its answer.
async function ask(question) {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.value));
    active.postMessage(question, [port2]);
  });
}

// Resolves once the page has what it needs: the live cells' Python must not be fetched twice at once.
function settled() {
  const page = document.documentElement;
  const done = () => !document.getElementById("live-cells") || /alive|failed/.test(page.dataset.live);
  return new Promise((resolve) => {
    const look = () => done() && (watch.disconnect(), resolve());
    const watch = new MutationObserver(look);
    watch.observe(page, { attributeFilter: ["data-live"] });
    look();
  });
}

const megabytes = (bytes) => (bytes < 1e6 ? (bytes / 1e6).toFixed(1) : String(Math.round(bytes / 1e6)));

class Keeper {
  constructor(box) {
    this.words = JSON.parse(box.dataset.words);
    this.said = box.querySelector("[role=status]");
    this.bar = box.querySelector("progress");
    [this.save, this.erase] = box.querySelectorAll("button");
    this.save.onclick = () => this.whole().catch((error) => this.show(this.words[error.message === "QuotaExceededError" ? "full" : "lost"]));
    this.erase.onclick = () => ask({ ask: "erase" }).then(() => this.show(this.words.erased));
    this.show().then(() => (box.hidden = false));
  }

  get busy() {
    return this.save.disabled;
  }

  // Say how things stand; `told` is what has just happened.
  async show(told = "") {
    const { left, all, whole } = await ask({ ask: "state" });
    const ready = whole && !left;
    this.bar.hidden = true;
    this.save.disabled = this.erase.disabled = false;
    this.save.hidden = ready;
    this.erase.hidden = left === all;
    this.save.textContent = this.words.save.replace("{}", megabytes(left));
    this.said.textContent = told || (ready ? this.words.ready.replace("{}", megabytes(all)) : "");
    return ready;
  }

  // Fetch what is not here yet, four files at a time; what has come stays, so that a second try goes on.
  async whole() {
    this.save.disabled = this.erase.disabled = true;
    await ask({ ask: "whole" });
    await navigator.storage?.persist?.();
    const { absent, left } = await ask({ ask: "state" });
    Object.assign(this.bar, { hidden: false, max: left, value: 0 });
    const line = absent.values();
    let lost = false;
    const work = async () => {
      for (const [name, bytes] of line) {
        if (lost) return;
        await ask({ ask: "keep", name }).catch((error) => {
          lost = true;
          throw error;
        });
        if (lost) return;
        this.bar.value += bytes;
        this.said.textContent = this.words.coming.replace("{}", megabytes(this.bar.value)).replace("{}", megabytes(left));
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    await this.show();
  }
}

// A new build's worker takes over once this page asks for nothing. Where the old one is asked for a file while it goes,
// Chromium leaves the new one waiting for minutes, and every page that is opened meanwhile with it.
function relieve(registration) {
  let calm = 0; // seconds
  const look = () => {
    if (!registration.waiting) return;
    calm = document.documentElement.dataset.live === "starting" ? 0 : calm + 1;
    if (calm === 3) registration.waiting.postMessage({ ask: "turn" }, [new MessageChannel().port2]);
    setTimeout(look, 1000);
  };
  const watch = () => registration.installing?.addEventListener("statechange", look, { once: true });
  registration.addEventListener("updatefound", watch);
  watch();
  look();
}

// Tell the worker what this page names: it may be of an earlier build than the worker.
const here = () => ask({ ask: "here", named: [...document.querySelectorAll("script[src]")].map(({ src }) => src) });

async function start() {
  navigator.serviceWorker.addEventListener("controllerchange", () => here().catch(console.info));
  relieve(await navigator.serviceWorker.register(new URL("sw.js", root), { scope: root.pathname, updateViaCache: "none" }));
  await here();
  const box = document.querySelector(".kefu-offline");
  const keeper = box && new Keeper(box);
  await settled();
  if (!navigator.connection?.saveData) await ask({ ask: "visit", url: location.href });
  if (keeper && !keeper.busy) await keeper.show();
}

if (navigator.serviceWorker) {
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const begin = () => idle(() => start().catch((error) => console.info(`offline: ${error}`)));
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
