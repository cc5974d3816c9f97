// Sets the formulas that Sphinx wrote as \(…\) and \[…\] into elements of the class math.
(function () {
  "use strict";
  const WRITTEN = /^\s*\\([([])([\s\S]*)\\[)\]]\s*$/;

  function set(element) {
    for (const text of [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)) {
      const found = WRITTEN.exec(text.data);
      if (!found) continue;
      const displayMode = found[1] === "[";
      const formula = document.createElement(displayMode ? "div" : "span");
      window.katex.render(found[2], formula, { displayMode, throwOnError: false, strict: "ignore" });
      text.replaceWith(formula);
      if (displayMode && formula.scrollWidth > formula.clientWidth) scroll(formula);
    }
    // What touches a formula, such as a full stop, stays on its line: a word joiner says so.
    if (/^\S/.test(element.nextSibling?.data ?? "")) element.after("\u2060");
    if (/\S$/.test(element.previousSibling?.data ?? "")) element.before("\u2060");
  }

  // A formula that is wider than the page scrolls, also by keyboard.
  function scroll(formula) {
    formula.tabIndex = 0;
    formula.setAttribute("role", "group");
    formula.setAttribute("aria-label", "Formula, wider than the page");
  }

  window.setMathematics = (root) => root.querySelectorAll(".math").forEach(set);
  window.setMathematics(document);
})();
