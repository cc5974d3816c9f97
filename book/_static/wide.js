// What is wider than the page scrolls in its own box, by keyboard too, and says what it is.
(function () {
  "use strict";
  const KINDS = {
    "div.math > div": "Formula",
    "div.cell_output": "Output",
    "figure.numbered": "", // has a part of its own, and its caption for a name
  };

  function tell({ target }) {
    const kind = Object.keys(KINDS).find((selector) => target.matches(selector));
    const scrolls = target.scrollWidth > target.clientWidth + 1;
    const group = KINDS[kind] && { role: "group", "aria-label": `${KINDS[kind]}, wider than the page` };
    const said = { tabindex: "0", ...group };
    for (const [name, value] of Object.entries(said))
      if (scrolls) target.setAttribute(name, value);
      else target.removeAttribute(name);
  }

  const observer = new ResizeObserver((seen) => seen.forEach(tell));
  document.querySelectorAll(Object.keys(KINDS).join()).forEach((box) => observer.observe(box));
})();
