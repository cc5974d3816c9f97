// Which sections of a chapter were read: those whose end has been on the screen for two seconds.

const LONG = 2000; // milliseconds

export function follow(page) {
  const key = `read:${page}`;
  const waiting = new Map();
  const observer = new IntersectionObserver((entries) => entries.forEach(seen));
  for (const section of document.querySelectorAll("article.bd-article > section > section[id]")) {
    const end = document.createElement("span");
    end.dataset.section = section.id;
    section.append(end);
    observer.observe(end);
  }

  function seen({ target, isIntersecting }) {
    clearTimeout(waiting.get(target));
    if (isIntersecting) waiting.set(target, setTimeout(() => note(target), LONG));
  }

  function note(end) {
    if (document.visibilityState === "hidden") return;
    observer.unobserve(end);
    try {
      const before = JSON.parse(localStorage.getItem(key))?.sections ?? [];
      const sections = [...new Set([...before, end.dataset.section])];
      localStorage.setItem(key, JSON.stringify({ sections, when: new Date().toISOString() }));
    } catch {
      // switched off, full or damaged: nothing is kept
    }
  }
}
