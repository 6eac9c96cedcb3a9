{
  // The book's root is the nearest folder above this address that has this page in it.
  const findRoot = async () => {
    const parts = location.pathname.split("/").slice(0, -1);
    for (; parts.length; parts.pop()) {
      const root = `${parts.join("/")}/`;
      const answer = await fetch(`${root}404.html`, { method: "HEAD" }).catch(() => null);
      if (answer?.ok) return root;
    }
    return "/";
  };
  const pairs = (text) => {
    const plain = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
    return new Set([...plain].slice(1).map((letter, place) => [...plain][place] + letter));
  };
  // How much of what was asked for a page's address or title has, from 0 to 1.
  const likeness = (asked, text) => {
    const there = pairs(text);
    return [...asked].filter((pair) => there.has(pair)).length / Math.max(asked.size, 1);
  };
  const decoded = (path) => {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  };
  const help = async () => {
    if (!document.querySelector("base")) {
      const base = document.createElement("base");
      base.href = await findRoot();
      document.head.append(base);
    }
    const name = decoded(location.pathname).split("/").filter(Boolean).pop() ?? "";
    const asked = pairs(name.replace(/\.\w+$/, ""));
    const near = [...document.querySelectorAll("nav a")]
      .map((link) => {
        const page = link.getAttribute("href").split("/").pop().replace(".html", "");
        return { link, like: Math.max(likeness(asked, page), likeness(asked, link.textContent)) };
      })
      .filter(({ like }) => like >= 0.4)
      .sort((one, other) => other.like - one.like)
      .slice(0, 3);
    const list = document.querySelector("#near ul");
    for (const { link } of near) list.append(link.parentElement.cloneNode(true));
    document.getElementById("near").hidden = !near.length;
    document.documentElement.dataset.ready = "";
  };
  help();
}
