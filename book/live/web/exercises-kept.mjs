// What the browser keeps of a page of exercises, and the notebook with the answers in it.

import { store, stored } from "./stored.mjs";

/** Results by exercise. The answers themselves are kept as edits of their cells (edits.mjs). */
export class Kept {
  #key;
  #all;

  constructor(name) {
    this.#key = `exercises:${name}`;
    this.#all = stored(this.#key);
  }

  /** {result, answer, opened}, as far as known for this edition of the exercise. */
  of({ number, edition }) {
    const found = this.#all[number];
    return found?.edition === edition ? found : {};
  }

  put(exercise, entries) {
    const { number, edition } = exercise;
    this.#all[number] = { ...this.of(exercise), ...entries, edition };
    store(this.#key, this.#all);
  }

  forget(exercise, names = ["result", "answer", "opened"]) {
    const left = { ...this.of(exercise) };
    names.forEach((name) => delete left[name]);
    this.#all[exercise.number] = left;
    store(this.#key, this.#all);
  }
}

/** The source of a cell of a notebook file, which may be written in lines. */
export const written = (cell) => [cell.source].flat().join("");

/** The notebook as it was handed out, with the answers in their cells. */
export function withAnswers({ notebook, exercises }) {
  const made = structuredClone(notebook);
  const cells = new Map(made.cells.map((cell) => [cell.id, cell]));
  for (const { answers, answer } of exercises) {
    answers.forEach((id, i) => (cells.get(id).source = lines(answer[i])));
  }
  return made;
}

const lines = (text) => text.split(/(?<=\n)/).filter(Boolean);

export function download(sheet) {
  const text = `${JSON.stringify(withAnswers(sheet), null, 1)}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = `${sheet.name}.ipynb`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
