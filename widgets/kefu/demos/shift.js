// The night shift, by anywidget's protocol, in a page of the book and in JupyterLab alike: the clock runs here,
// Python is asked for what happens next and told each move with its second, and answers with the parts of the
// picture that have changed. The record of the moves is kept in this browser: by the page, where one listens to
// `kefu-nights`, else in the place and the form in which the page would keep it.
const VERSION = 1;
const MOST = 12; // nights that are kept
const MORE = { ".night-lines > :last-child": "对话", ".night-facts": "资料", ".kefu-ruling": "上一句的讲评", ".night-read > .night-coach": "教练的话" };
const KEYS = { e: "close", s: "hold", j: "note" }; // what a letter does in the open window
const OPENED = 400; // milliseconds between two asks for a moment of the night that is over

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const spoken = (words) => make("span", { class: "kefu-spoken visually-hidden" }, words);

let unkept = null; // what JupyterLab's browser would not keep

// All nights that are kept, by level and seed, each with its time; with `keep`, one more. JupyterLite stands in a
// folder of the book, lite/, and shares the book's place.
function nights(keep) {
  const detail = { keep, kept: true, nights: null };
  document.dispatchEvent(new CustomEvent("kefu-nights", { detail }));
  if (detail.nights) return detail;
  const { pathname } = location;
  const place = `kefu ${pathname.slice(0, pathname.lastIndexOf("/lite/") + 1) || "/"}`;
  let all = unkept;
  try {
    all ??= JSON.parse(localStorage.getItem(place));
  } catch {} // no store
  if (all?.kefu !== VERSION) all = { kefu: VERSION };
  if (!plain(all.nights)) all.nights = {};
  if (keep) {
    all.nights[keep.name] = { at: Date.now(), text: keep.text };
    for (const [name] of Object.entries(all.nights).sort(([, a], [, b]) => b.at - a.at).slice(MOST)) delete all.nights[name];
    try {
      localStorage.setItem(place, JSON.stringify(all));
      unkept = null;
    } catch {
      unkept = all;
      detail.kept = false;
    }
  }
  return { ...detail, nights: all.nights };
}

// How long somebody waits, in the night's seconds.
const long = (seconds) => (seconds < 60 ? `${seconds}秒` : `${Math.floor(seconds / 60)}分${String(seconds % 60).padStart(2, "0")}`);

function shift(model, el) {
  const body = make("div", { class: "kefu-drawn" });
  const tools = make("div", { class: "night-tools" });
  const gone = new AbortController();
  const own = { signal: gone.signal };
  let turn = 0;
  let night = null; // what is known of the night that is played: its second, the next event, seed and level
  let moves = []; // made so far
  let desk = []; // the windows, as Python tells of them
  let seen = {}; // how much of each window was read
  let open = ""; // whose window is in hand
  let slots = []; // who stands at which place for a window: nobody moves while others come and go
  let now = 0; // the second of the night
  let speed = 1;
  let going = false; // whether the night has just been begun, and not taken up again
  let running = false;
  let asked = 0; // the tick that is not answered yet
  let last = 0; // the moment of the last frame
  let looking = {};
  let paused = false; // whether the clock stands only because somebody is asked whether to leave
  let shown = []; // what was written where: a frame writes only what has changed
  let typed = ""; // the seed that was filled in at the door
  let sure = ""; // the money that was pressed once: it is given when it is pressed again
  let focus = ""; // whose window the focus is to go to when it is there
  let student = {}; // number and name, as they were typed beside the report
  let listed = null; // which of the moments that cost most is looked at: its button
  el.replaceChildren(body, tools);

  const part = (name) => [...body.querySelectorAll("[data-part]")].find((one) => one.dataset.part === name);
  const window_of = (who) => part(`w:${who}`);
  const screen = () => body.firstElementChild?.dataset.screen;
  const field = (name) => el.querySelector(`[data-field=${name}]`)?.value ?? "";

  function want(told) {
    model.set("moved", { ...told, "": ++turn });
    model.save_changes();
    return turn;
  }

  // A press, with what belongs to it: the second of a move, what was typed beside it.
  function pressed(told) {
    if ("look" in told) return back_to(told);
    if ("wait" in told) in_sight();
    if ("seed" in told) typed = "";
    if ("do" in told) Object.assign(told, { at: Math.floor(now), still: !running });
    if (told.do === "take") open = focus = told.who;
    if ("hand" in told) Object.assign(told, { name: field("name"), number: field("number") });
    if ("go" in told) {
      going = screen() === "door";
      if (field("seed").trim()) told.seed = field("seed");
    }
    want(told);
  }

  // The whole picture anew.
  function show() {
    const screens = screen();
    const within = el.contains(document.activeElement) || document.activeElement === document.body;
    const typing = document.activeElement?.dataset.field === "seed" && el.contains(document.activeElement);
    body.innerHTML = model.get("html");
    tools.replaceChildren();
    shown = [];
    desk = [];
    slots = [];
    paused = false;
    const root = body.firstElementChild;
    const known = JSON.parse(root?.dataset.night ?? "null");
    running = false;
    if (screen() === "door") return door(screens, typing);
    if (!known) return;
    night = known;
    now = known.now ?? known.opens;
    lead(body);
    if (screen() === "end") {
      const look = body.querySelector("[data-look]");
      look.oninput = () => at({ look: Number(look.value) });
      for (const name of ["number", "name"]) {
        const typed = el.querySelector(`[data-field=${name}]`);
        typed.value = student[name] ?? "";
        typed.oninput = () => {
          student[name] = typed.value;
          keep();
        };
      }
      if (screens && within) body.querySelector("[data-here]").focus({ preventScroll: true });
      if (screens) body.querySelector(".kefu-when").scrollIntoView({ block: "start" });
    } else {
      const full = body.querySelector("[data-act=full]");
      full.hidden = !document.fullscreenEnabled;
      tabs();
      for (const place of body.querySelectorAll(".night-window")) read_on(place);
      draw();
      pace();
      if (going) {
        in_sight();
        run(true);
      }
      going = false;
      if (screens === "door" && within) body.querySelector(".night-bar button")?.focus({ preventScroll: true });
    }
  }

  // At the door: a field for another seed, and the night that was left.
  function door(from, typing) {
    const seed = make("input", { type: "text", inputmode: "numeric", maxlength: "6", "data-field": "seed", autocomplete: "off", "data-own": "" });
    body.querySelector(".night-field").append(seed);
    seed.onkeydown = (event) => {
      if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && seed.value.trim()) want({ seed: seed.value });
    };
    seed.onchange = () => seed.value.trim() && want({ seed: seed.value });
    seed.value = typed;
    seed.oninput = () => (typed = seed.value);
    if (typing) seed.focus({ preventScroll: true });
    const kept = newest();
    if (from && kept) offer(kept);
    const go = body.querySelector(".kefu-play");
    if (from === "end" || from === "desk") {
      go.scrollIntoView({ block: "center" });
      go.focus({ preventScroll: true });
    }
  }
  function offer({ text }) {
    if (screen() !== "door" || body.querySelector(".night-kept")) return;
    const back = make("button", { type: "button", class: "kefu-press night-kept" }, "看上一次的那一夜");
    back.onclick = () => {
      student = kept_of(text).student ?? student;
      want({ hello: text, whole: true });
    };
    body.querySelector(".kefu-play").after(back); // where there is room: nothing moves
  }
  const newest = () => Object.values(nights().nights).filter((one) => typeof one?.text === "string").sort((a, b) => b.at - a.at)[0];

  // Links lead to the chapters from wherever the picture stands.
  function lead(place) {
    const root = document.documentElement.dataset.content_root;
    if (root === undefined) return;
    for (const link of place.querySelectorAll("[data-lesson]")) {
      const { page, section } = JSON.parse(link.dataset.lesson);
      link.href = new URL(`notebooks/${page}.html#go-to=${encodeURIComponent(section)}`, new URL(root, location.href)).href;
    }
  }

  // Put a part of the picture in place of the old one: what is unfolded stays so, and the focus where it was.
  function put(place, html) {
    const held = place.contains(document.activeElement) ? document.activeElement : null;
    const key = held?.dataset.press;
    const folds = [...place.querySelectorAll("details[data-kept]")].map((one) => [one.dataset.kept, one.open]);
    const read = reads(place);
    place.innerHTML = html;
    for (const [name, was] of folds) {
      const fold = place.querySelector(`details[data-kept=${name}]`);
      if (fold) fold.open = was;
    }
    if (sure) sure_of(sure);
    if (read && read.said === reads(place)?.said) place.querySelector(".night-read").scrollTop = read.at;
    else read_on(place);
    below(place);
    lead(place);
    if (!held) return;
    const again = [...place.querySelectorAll("[data-press]")].find((one) => one.dataset.press === key && !one.disabled);
    (again ?? place.querySelector("[data-here]") ?? focusable(place)).focus({ preventScroll: true });
  }
  // How far a window was read, and how much was said in it.
  function reads(place) {
    const box = place.querySelector(".night-read");
    return box && { at: box.scrollTop, said: box.querySelectorAll(".night-lines > p").length };
  }
  // What is read scrolls to what the customer said last, with the papers below it. An old conversation begins with
  // its scene, where there is room for both.
  function read_on(place) {
    const box = place.querySelector(".night-read");
    const last = [...place.querySelectorAll(".night-lines .kefu-asked:not(.night-robot)")].at(-1);
    if (box && last) {
      box.scrollTop = 0;
      const [frame, asked] = [box.getBoundingClientRect(), last.getBoundingClientRect()];
      const scene = box.querySelector(".night-scene");
      if (!scene || asked.bottom > frame.bottom) box.scrollTop = asked.top - frame.top - (scene ? 24 : 0); // below its hint
    }
    below(place);
  }
  // That there is more to read below the edge, and what; and above, where an old conversation's scene is.
  function below(place) {
    const box = place.querySelector(".night-read");
    if (!box?.clientHeight) return;
    box.onscroll ??= () => below(place);
    const edge = box.getBoundingClientRect().bottom + 2;
    const cut = Object.keys(MORE).filter((name) => box.querySelector(name)?.getBoundingClientRect().bottom > edge);
    const hint = place.querySelector(".night-below");
    const scene = box.querySelector(".night-scene")?.getBoundingClientRect();
    place.querySelector(".night-above").textContent = scene?.top < box.getBoundingClientRect().top - 2 ? "▴ 旧案的来由在上面" : "";
    hint.textContent = cut.length ? `▾ 还有${cut.map((name) => MORE[name]).join("、")}` : "";
  }
  // The desk as a whole, below what sticks to the top of the page.
  function in_sight() {
    const stage = body.querySelector(".night-stage");
    const { top, bottom } = stage.getBoundingClientRect();
    const head = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0; // of a page of the book
    if (top < head - 5 || bottom > innerHeight + 1) stage.scrollIntoView({ block: "start" });
  }
  function focusable(place) {
    if (place.tabIndex < 0) place.tabIndex = -1;
    return place;
  }

  // An answer of Python's: parts, clock, moves, windows.
  function answered({ done, parts, clock, moves: made, from, desk: found, file, fault, offer: left }) {
    if (made) moves = [...moves.slice(0, from), ...made];
    if (fault) tools.replaceChildren(make("p", { class: "kefu-note", role: "status" }, fault));
    if (left) offer(newest());
    if (file) handed(file);
    if (found) desk = found;
    const home = el.contains(document.activeElement);
    for (const [name, html] of Object.entries(parts ?? {})) {
      const place = part(name) ?? (name.startsWith("w:") ? windowed(name) : null);
      if (place) put(place, html);
    }
    if (found && screen() === "desk") {
      for (const one of body.querySelectorAll(".night-window")) if (!desk.some(({ who }) => `w:${who}` === one.dataset.part)) one.remove();
      tabs();
      if (home && focus) window_of(focus)?.focus({ preventScroll: true }); // who was taken is read out next
      focus = "";
      if (home && !el.contains(document.activeElement)) (window_of(open) ?? focusable(part("queue"))).focus({ preventScroll: true });
    }
    if (clock) {
      Object.assign(night ??= {}, clock);
      if (clock.over) running = false;
      if (clock.now > now || night.quiet) now = clock.now;
      shown = [];
      draw();
    }
    if (done === asked) asked = 0;
    if (made) setTimeout(keep);
  }
  function windowed(name) {
    const place = make("section", { class: "night-window", "data-part": name, tabindex: "-1", "aria-label": `${name.slice(2)}的窗口` });
    body.querySelector(".night-windows").append(place);
    return place;
  }

  // The record so far.
  function keep() {
    if (!night || !moves.length) return;
    const text = JSON.stringify({ seed: night.seed, level: night.level, now: Math.floor(Math.max(now, night.now)), quiet: Boolean(night.quiet), moves, student });
    const { kept } = nights({ name: `${night.level}-${night.seed}`, text });
    const told = body.querySelector(".night-unkept");
    if (!kept && !told) body.firstElementChild.append(make("p", { class: "kefu-note night-unkept", role: "status" }, "浏览器没有让本页保存（无痕模式，或存储空间已满）：照常能走，只是关掉这一页，记录就不在了。"));
  }

  // The windows as chips at their places, of which one is in hand: whose wait, what is unread, what is owed.
  function tabs() {
    const place = body.querySelector(".night-tabs");
    slots = Array.from({ length: night.windows }, (_, n) => (desk.some(({ who }) => who === slots[n]) ? slots[n] : null));
    for (const { who } of desk) if (!slots.includes(who)) slots[slots.indexOf(null)] = who;
    if (!desk.some(({ who }) => who === open)) open = [...desk].sort((a, b) => (a.since ?? Infinity) - (b.since ?? Infinity))[0]?.who ?? "";
    const one = desk.find(({ who }) => who === open);
    if (one) seen[open] = one.said;
    const held = place.contains(document.activeElement) && document.activeElement.dataset.who;
    place.replaceChildren(...slots.map((one) => {
      if (one === null) return make("span", { class: "night-free", "aria-hidden": "true" }, "空");
      const { who, since, said, owes, first } = desk.find((found) => found.who === one);
      const fresh = who !== open && said > (seen[who] ?? 0);
      const chip = make("button", { type: "button", class: "kefu-press night-tab", "data-who": who, "aria-pressed": String(who === open) }, make("b", {}, ...who.split(/(?<=·)/).flatMap((part, n) => (n ? [make("wbr", {}), part] : [part]))));
      if (fresh) chip.append(make("i", { class: "night-unread", "aria-hidden": "true" }), spoken("有新话"));
      if (first) {
        chip.classList.add("night-next");
        chip.append(spoken("先回这一窗"));
      }
      const row = make("span", { class: "night-row" });
      if (since !== null) row.append(spoken("等"), make("span", { class: "night-wait", "data-since": since }));
      else row.append(make("small", {}, "已回"));
      if (owes) row.append(make("small", { class: "night-todo" }, "待", make("span", {}, "办")));
      chip.append(row);
      return chip;
    }));
    if (held) [...place.children].find((chip) => chip.dataset.who === held)?.focus({ preventScroll: true });
    const before = body.querySelector(".night-open");
    for (const { who } of desk) window_of(who)?.classList.toggle("night-open", who === open);
    if (window_of(open) !== before && window_of(open)) read_on(window_of(open));
    shown = [];
  }
  function turn_to(who, focused) {
    open = who;
    tabs();
    const place = window_of(who);
    if (place) read_on(place);
    if (focused) place?.focus({ preventScroll: true });
    draw();
  }

  // What the clock moves: its own words, the cursor of the strip, every wait.
  function draw() {
    if (screen() !== "desk") return;
    if (!shown.length) {
      const cursor = body.querySelector(".night-cursor");
      const [from, to] = [Number(cursor.dataset.from), Number(cursor.dataset.to)];
      const clock = body.querySelector(".night-clock");
      const two = (number) => String(number).padStart(2, "0");
      const place = (find) => ({ find, was: null });
      shown = [
        { ...place(() => { const at = Math.floor(now); const s = 21 * 3600 + at; return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`; }), put: (words) => (clock.textContent = words) },
        { ...place(() => (((now - night.opens) / (night.closes - night.opens)) * (to - from)).toFixed(1)), put: (x) => cursor.setAttribute("transform", `translate(${x},0)`) },
        ...desk.map(({ who, moods }) => ({ ...place(() => moods.findLast(([at]) => at <= now) ?? moods[0]), put: ([, mood]) => {
          const drawn = window_of(who)?.querySelector(".night-mood");
          if (!drawn) return;
          drawn.innerHTML = night.faces[Math.floor(mood / 10)];
          drawn.setAttribute("aria-label", `心情${mood}（满100）`);
        } })),
        ...[...body.querySelectorAll("[data-since]")].map((one) => {
          const word = (one.dataset.word ??= one.textContent);
          const since = Number(one.dataset.since);
          return { ...place(() => { const s = Math.max(Math.floor(now) - since, 0); return word + long(s < 60 ? s - (s % 5) : s - (s % 10)); }), put: (words) => {
            one.textContent = words;
            one.classList.toggle("night-late", now - since > 180);
          } };
        }),
      ];
    }
    for (const one of shown) {
      const found = one.find();
      if (found !== one.was) one.put((one.was = found));
    }
  }

  function run(on) {
    if (!night || night.over || night.quiet) return;
    running = on;
    last = 0;
    pace();
    if (on) {
      in_sight();
      requestAnimationFrame(frame);
    } else keep();
  }
  function pace() {
    const button = body.querySelector("[data-act=run]");
    if (button) button.textContent = running ? "❚❚ 停" : now > night.opens ? "▶ 接着走" : "▶ 开始走";
    for (const one of body.querySelectorAll("[data-speed]")) one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === speed));
  }
  function frame(moment) {
    if (!running || !body.isConnected) return void (running = false);
    const passed = last ? Math.min(moment - last, 250) : 0;
    last = moment;
    now = Math.min(now + (passed / 1000) * speed * night.pace, night.next, night.closes); // where something happens it waits for Python
    draw();
    if (now >= night.next && !asked) asked = want({ tick: Math.floor(now) });
    requestAnimationFrame(frame);
  }

  // A moment of the night that is over.
  let due = 0;
  function at(told) {
    const cursor = body.querySelector(".night-cursor");
    const share = (told.look - night.opens) / (night.closes - night.opens);
    cursor.setAttribute("transform", `translate(${(share * (Number(cursor.dataset.to) - Number(cursor.dataset.from))).toFixed(1)},0)`);
    looking = told;
    if (due) return;
    due = setTimeout(() => {
      due = 0;
      want(looking);
    }, OPENED / 4);
  }
  // One of the moments that cost most: there and with whom it was.
  function back_to(told) {
    body.querySelector("[data-look]").value = told.look;
    listed = [...body.querySelectorAll(".kefu-slips [data-press]")].find((one) => {
      const { look, who } = JSON.parse(one.dataset.press);
      return look === told.look && who === told.who;
    });
    at(told);
    const place = part("look");
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  }

  // The file that is handed in.
  function handed(text) {
    const clean = (name) => field(name).replace(/[^\p{L}\p{N}·-]/gu, "");
    const name = ["618夜班", clean("number"), clean("name")].filter(Boolean).join("-");
    const blob = new Blob([text], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    part("handed").textContent = `已存成“${name}.json”，在你的下载文件夹里；把它交给老师。`;
  }

  const act = {
    run: () => run(!running),
    stay() {
      const asked = body.querySelector(".night-leave[open]");
      asked.open = false;
      asked.querySelector("summary").focus({ preventScroll: true });
    },
    list() {
      listed.scrollIntoView({ block: "center" });
      listed.focus({ preventScroll: true });
    },
    full() {
      const demo = el.closest(".kefu-demo") ?? el;
      if (document.fullscreenElement) document.exitFullscreen();
      else demo.requestFullscreen().catch(() => {});
    },
  };
  body.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    const gifts = button.closest(".night-gifts");
    if (gifts && sure !== button.dataset.press) sure_of(button.dataset.press);
    else if (button.dataset.press) {
      if (gifts) gifts.open = false;
      pressed(JSON.parse(button.dataset.press));
    } else if (button.dataset.why) body.querySelector(".night-said").textContent = button.dataset.why;
    else if (button.dataset.speed) {
      speed = Number(button.dataset.speed);
      pace();
    } else if (button.dataset.who !== undefined) turn_to(button.dataset.who, false);
    else act[button.dataset.act]?.();
  };
  // Money is given by the second press alone; the first one says so, in the same place.
  function sure_of(press) {
    sure = press;
    for (const one of body.querySelectorAll(".night-gifts [data-press]")) {
      const on = one.dataset.press === press;
      one.dataset.text ??= one.textContent;
      one.dataset.said ??= one.getAttribute("aria-label");
      one.textContent = on ? "确定？" : one.dataset.text;
      one.setAttribute("aria-label", on ? `${one.dataset.said}，再按一次才给` : one.dataset.said);
      one.classList.toggle("night-sure", on);
      if (on) body.querySelector(".night-said").textContent = `${one.dataset.said}，再按一次才给`;
    }
  }
  // The sums lie beside what opens them: how wide they may be is known before they are shown.
  const aside = (gifts) => gifts.style.setProperty("--beside", `${gifts.querySelector("summary").offsetLeft - 4}px`);
  body.addEventListener("click", ({ target }) => {
    const gifts = target.closest(".night-gifts > summary")?.parentElement;
    if (gifts) aside(gifts);
  }, true);
  body.addEventListener("toggle", ({ target }) => {
    if (!target.matches(".night-gifts")) return;
    if (target.open) aside(target);
    else sure_of("");
  }, true);
  // Whoever is asked whether to leave is not hurried: the clock stands meanwhile.
  body.addEventListener("toggle", ({ target }) => {
    if (!target.matches(".night-leave")) return;
    for (const other of body.querySelectorAll(".night-leave[open]")) if (target.open && other !== target) other.open = false;
    if (target.open) {
      paused ||= running;
      run(false);
    } else if (paused && !body.querySelector(".night-leave[open]")) {
      paused = false;
      run(true);
    }
  }, true);
  // What was promised lies below the desk: whoever unfolds it sees it.
  body.addEventListener("click", ({ target }) => {
    const fold = target.closest("[data-kept=promises] > summary")?.parentElement;
    if (fold && !fold.open) requestAnimationFrame(() => fold.scrollIntoView({ block: "end" }));
  });
  // Keys of the desk, while the focus is in it and in no field.
  el.onkeydown = (event) => {
    if (event.key === "Escape" && body.querySelector(".night-leave[open]")) return act.stay();
    if (screen() !== "desk" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, summary")) return;
    const places = slots.filter(Boolean);
    const press = (place) => place && !place.disabled && place.click();
    if (/^[1-9]$/.test(event.key)) press([...(window_of(open)?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key === event.key));
    else if (event.key === "[" || event.key === "]") places.length && turn_to(places[(places.indexOf(open) + (event.key === "]" ? 1 : places.length - 1)) % places.length], true);
    else if (event.key.toLowerCase() in KEYS) press(does(window_of(open), KEYS[event.key.toLowerCase()]) ?? (event.key.toLowerCase() === "j" && window_of(open)?.querySelector("[data-why]")));
    else if (event.key.toLowerCase() === "n") press(body.querySelector(".night-waiting"));
    else if (event.key.toLowerCase() === "w") press(body.querySelector(".night-bar .kefu-onward[data-press], .night-empty [data-press]"));
    else if (event.key.toLowerCase() === "p") act.run();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const does = (place, what) => [...(place?.querySelectorAll("[data-press]") ?? [])].find((one) => JSON.parse(one.dataset.press).do === what);
  // A window that is touched is the open one.
  body.addEventListener("focusin", (event) => {
    const who = event.target.closest(".night-window")?.dataset.part.slice(2);
    if (who && who !== open) turn_to(who, false);
  });

  document.addEventListener("visibilitychange", () => document.hidden && run(false), own);
  addEventListener("pagehide", () => screen() === "desk" && keep(), own);
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("kefu-want", ({ detail }) => pressed({ ...detail })); // what was asked of the stored picture
  model.on("change:html", show);
  model.on("msg:custom", answered);
  show();
  const kept = newest();
  if (kept?.text) {
    const found = kept_of(kept.text);
    moves = Array.isArray(found.moves) ? found.moves : [];
    if (plain(found.student)) student = found.student;
  }
  want({ hello: kept?.text ?? "" });
  return () => {
    running = false;
    clearTimeout(due);
    gone.abort();
    model.off("change:html", show);
    model.off("msg:custom", answered);
  };
}

function kept_of(text) {
  try {
    const found = JSON.parse(text);
    return plain(found) ? found : {};
  } catch {
    return {};
  }
}

export default { render: ({ model, el }) => shift(model, el) };
