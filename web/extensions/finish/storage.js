{ // The theme's memory, which never fails it: where the browser keeps nothing, it lasts as long as the page.
  const { pathname } = new URL(document.documentElement.dataset.content_root, location.href);
  const shelf = (kind) => {
    const held = new Map();
    const named = (name) => `kefu-theme ${pathname} ${name}`;
    return {
      getItem(name) {
        if (held.has(name)) return held.get(name);
        try {
          return window[kind].getItem(named(name)) ?? window[kind].getItem(name); // as it was before names had a path
        } catch {
          return null;
        }
      },
      setItem(name, value) {
        held.delete(name);
        try {
          window[kind].setItem(named(name), value);
        } catch {
          held.set(name, String(value));
        }
      },
      removeItem(name) {
        held.delete(name);
        try {
          window[kind].removeItem(named(name));
        } catch {} // nothing is kept
      },
    };
  };
  window.bookStorage = { localStorage: shelf("localStorage"), sessionStorage: shelf("sessionStorage") };
}
