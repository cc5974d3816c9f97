// A formula that is wider than the page scrolls in its own box, by keyboard too.
(function () {
  "use strict";
  const wide = new ResizeObserver((seen) => seen.forEach(({ target }) => {
    const scrolls = target.scrollWidth > target.clientWidth + 1;
    const set = { tabindex: "0", role: "group", "aria-label": "Formula, wider than the page" };
    for (const [name, value] of Object.entries(set))
      if (scrolls) target.setAttribute(name, value);
      else target.removeAttribute(name);
  }));
  document.querySelectorAll("div.math > div").forEach((box) => wide.observe(box));
})();
