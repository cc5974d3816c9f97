// What is wider than the page scrolls in its own box, by keyboard too, and says what it is.
(function () {
  "use strict";
  const KINDS = {
    "div.math > div": "Formula",
    "div.cell_output": "Output",
  };

  function tell({ target }) {
    const kind = Object.keys(KINDS).find((selector) => target.matches(selector));
    const scrolls = target.scrollWidth > target.clientWidth + 1;
    const said = { tabindex: "0", role: "group", "aria-label": `${KINDS[kind]}, wider than the page` };
    for (const [name, value] of Object.entries(said))
      if (scrolls) target.setAttribute(name, value);
      else target.removeAttribute(name);
  }

  const observer = new ResizeObserver((seen) => seen.forEach(tell));
  document.querySelectorAll(Object.keys(KINDS).join()).forEach((box) => observer.observe(box));
})();
