// Which sections of a chapter were read: those whose end has been on the screen for two seconds.

import { store, stored } from "./stored.mjs";

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
    const sections = [...new Set([...(stored(key).sections ?? []), end.dataset.section])];
    store(key, { sections, when: new Date().toISOString() });
  }
}
