// A link to a term of the glossary shows its definition: on hover, on keyboard focus, on the first touch.
// Escape closes. The definition is read from the glossary's own page; without it, the link is a link.
(function () {
  "use strict";
  const TERM = 'a.reference.internal[href*="#term-"]';
  const WAIT = 250; // milliseconds that a pointer rests before anything appears
  const LEAVE = 250; // milliseconds to reach the definition with the pointer
  const pages = new Map(); // address of a glossary -> promise of its document
  let tip = null;
  let shown = null; // the link whose definition is shown
  let timer = 0;
  let touched = false;

  function glossary(address) {
    if (!pages.has(address)) {
      const page = fetch(address).then((response) => {
        if (!response.ok) throw new Error(`${response.status}`);
        return response.text();
      });
      pages.set(address, page.then((text) => new DOMParser().parseFromString(text, "text/html")));
      pages.get(address).catch(() => pages.delete(address));
    }
    return pages.get(address);
  }

  async function definition(link) {
    const address = new URL(link.href);
    const id = decodeURIComponent(address.hash.slice(1));
    address.hash = "";
    const here = address.href === location.href.replace(/#.*/, "");
    const page = here ? document : await glossary(address.href);
    let entry = page.getElementById(id);
    while (entry && entry.tagName !== "DD") entry = entry.nextElementSibling;
    if (!entry) throw new Error(`no ${id}`);
    return { text: entry.cloneNode(true), page };
  }

  // Links in the definition would need a second reach; their words are enough here.
  function plain(entry) {
    entry.querySelectorAll("a").forEach((link) => link.replaceWith(...link.childNodes));
    entry.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    return [...entry.childNodes];
  }

  // A page without formulas has no style for them; it lies with the site, so take the glossary's.
  async function mathematics(page) {
    const style = page.querySelector('link[href*="katex"]');
    if (!style || document.querySelector('link[href*="katex"]')) return;
    const base = [...pages.keys()][0];
    await new Promise((resolve, reject) => {
      const link = document.createElement("link");
      const href = new URL(style.getAttribute("href"), base).href;
      document.head.append(Object.assign(link, { href, rel: "stylesheet", onload: resolve, onerror: reject }));
    });
  }

  async function show(link) {
    if (shown === link) return;
    let found;
    try {
      found = await definition(link);
    } catch {
      return; // opened as a file, or offline: the link leads to the glossary as before
    }
    if (shown !== null) hide();
    shown = link;
    const box = make();
    box.replaceChildren(...plain(found.text));
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place(link, box);
    if (box.querySelector(".math")) {
      await mathematics(found.page);
      if (shown !== link) return;
      place(link, box);
    }
  }

  function make() {
    if (tip) return tip;
    tip = document.createElement("div");
    tip.id = "term-definition";
    tip.className = "term-definition";
    tip.setAttribute("role", "tooltip");
    tip.hidden = true;
    tip.addEventListener("pointerenter", () => clearTimeout(timer));
    tip.addEventListener("pointerleave", later);
    document.body.append(tip);
    return tip;
  }

  function place(link, box) {
    const line = [...link.getClientRects()].at(-1) ?? link.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(12, Math.min(line.left, width - box.offsetWidth - 12));
    const below = line.bottom + box.offsetHeight + 12 < innerHeight || line.top < box.offsetHeight + 12;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? line.bottom + 6 : line.top - box.offsetHeight - 6) + scrollY}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    if (tip) tip.hidden = true;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => shown !== document.activeElement && hide(), LEAVE);
  }

  const term = (event) => (event.target instanceof Element ? event.target.closest(TERM) : null);

  document.addEventListener("pointerover", (event) => {
    const link = term(event);
    if (!link || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link), WAIT);
  });
  document.addEventListener("pointerout", (event) => {
    const link = term(event);
    if (link && event.pointerType !== "touch" && !link.contains(event.relatedTarget)) later();
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (shown && term(event) !== shown && !tip.contains(event.target)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const link = term(event);
    if (link && !touched) show(link);
  });
  document.addEventListener("focusout", (event) => {
    if (term(event) === shown && !tip?.matches(":hover")) hide();
  });
  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key === "Escape" && shown) hide();
  });
  // A finger cannot hover: the first touch shows the definition, the second follows the link.
  document.addEventListener("click", (event) => {
    const link = term(event);
    if (link && touched && shown !== link) {
      event.preventDefault();
      show(link);
    }
  });
  addEventListener("resize", hide);
})();
