// What the reader changed, kept in the browser: by page, cell and the text that was changed, so that
// an edit of an older edition never hides a new one.

export class Edits {
  #page;
  #onLost; // called once, when the browser turns out to keep nothing

  constructor(page, onLost) {
    this.#page = page;
    this.#onLost = onLost;
  }

  #key({ id, source }) {
    return `live:${this.#page}#${id}:${hash(source)}`;
  }

  load(cell) {
    try {
      return localStorage.getItem(this.#key(cell));
    } catch {
      return null; // storage is switched off: edits last as long as the page
    }
  }

  save(cell) {
    try {
      if (cell.code === cell.source) localStorage.removeItem(this.#key(cell));
      else localStorage.setItem(this.#key(cell), cell.code);
      if (document.documentElement.dataset.storage !== "none") return;
    } catch {
      // full
    }
    this.#onLost?.();
    this.#onLost = null;
  }
}

function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
