// A page of exercises: answers are checked here, kept in the browser, and handed out as a notebook.

import { page } from "./page.mjs";
import { Checker } from "./exercises-check.mjs";
import { makeFields } from "./exercises-fields.mjs";
import { Kept, download, written } from "./exercises-kept.mjs";
import { ask, button, element, showResult, verdict } from "./exercises-show.mjs";

const overview = document.querySelector("[data-exercises]");
const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** The answer in words: a field in place of the line that stands for it. It looks like a cell to Edits. */
class Words {
  constructor(id, source, number, onInput) {
    this.id = id;
    this.source = source;
    this.element = document.getElementById(`answer-${id}`);
    this.input = element("textarea", { className: "exercise-text", rows: 8, placeholder: "Your answer" });
    this.input.setAttribute("aria-label", `Answer to ${number}, in words`);
    this.input.value = page.edits.load(this) ?? "";
    this.input.addEventListener("input", () => {
      page.edits.save(this);
      onInput();
    });
    this.element.replaceChildren(this.input);
  }

  get code() {
    return this.input.value.trim() ? this.input.value : this.source;
  }

  clear() {
    this.input.value = "";
    page.edits.save(this);
  }
}

/** One exercise: its answer cells, the panel below them, its checks and its solution. */
class Exercise {
  constructor(about, sheet) {
    Object.assign(this, about); // number, title, stars, kind, points, rubric, field, answers, checks, edition
    this.sheet = sheet;
    this.inWords = this.kind === "text";
    this.sources = this.answers.map((id) => written(sheet.cells.get(id)));
    this.parts = this.answers.map((id, i) =>
      this.inWords
        ? new Words(id, this.sources[i], this.number, () => this.edited())
        : page.cells.find((cell) => cell.id === id),
    );
    this.cells = page.cells.filter(({ id }) => this.answers.includes(id) || this.checks.some((check) => check.id === id));
    this.barrier = this.cells.find((cell) => cell.reason)?.reason;
    this.solution = document.querySelector(`.exercise-solution[data-exercise="${this.number}"]`);
    this.row = overview.querySelector(`li[data-exercise="${this.number}"]`);
    this.#makePanel();
    this.#foldChecks();
    if (!this.inWords) this.#followCells();
    this.show();
  }

  /** The sources of the answer cells as they are now; a cell that was not touched, as it was handed out. */
  get answer() {
    return this.parts.map((part, i) => (part.code === part.source ? this.sources[i] : part.code));
  }

  get attempted() {
    const words = (text) => text.replace(/\s/g, "");
    return this.answer.some((text, i) => words(text) && words(text) !== words(this.sources[i]));
  }

  /** What the checks last found, if the answer is still the one that was checked; words have no checks. */
  get result() {
    const { result, answer } = this.sheet.kept.of(this);
    if (this.inWords) return result ?? null;
    return result && JSON.stringify(answer) === JSON.stringify(this.answer) ? result : null;
  }

  get score() {
    return this.result?.points ?? 0;
  }

  #followCells() {
    for (const cell of this.parts) {
      cell.element.classList.add("exercise-answer");
      cell.element.addEventListener("live-edit", () => this.edited());
    }
    this.fields = this.field && makeFields(this, this.parts[0]);
    if (this.fields) this.parts[0].element.classList.add("exercise-short");
  }

  #makePanel() {
    this.panel = element("div", { className: "exercise-panel" });
    this.panel.setAttribute("role", "group");
    this.panel.setAttribute("aria-label", `Exercise ${this.number}`);
    this.checkButton = button("", () => (this.busy ? page.stop() : this.check()), "check");
    this.verdict = element("p", { className: "exercise-verdict" });
    this.verdict.setAttribute("role", "status");
    this.clearButton = button("Clear", () => this.askToClear(), "quiet");
    this.clearButton.setAttribute("aria-label", `Clear the answer to ${this.number}`);
    this.details = element("div", { className: "exercise-feedback" });
    const bar = element("div", { className: "exercise-bar" });
    bar.append(this.checkButton, this.verdict, this.clearButton);
    this.lock = element("p", { className: "exercise-lock" });
    this.panel.append(bar, this.details);
    this.solution?.before(this.lock);
    this.parts.at(-1).element.after(this.panel);
    this.become(false);
  }

  #foldChecks() {
    const checks = this.cells.filter(({ id }) => !this.answers.includes(id));
    if (!checks.length) return;
    const fold = element("details", { className: "exercise-checks" });
    const worth = this.checks.map(({ points }) => count(points, "point")).join(", ");
    fold.append(element("summary", { textContent: checks.length > 1 ? `What is checked: ${worth}` : "What is checked" }));
    checks[0].element.before(fold);
    fold.append(...checks.map((cell) => cell.element));
  }

  become(busy) {
    this.busy = busy;
    const what = busy ? "Stop" : this.inWords ? "Compare" : "Check";
    this.checkButton.textContent = what;
    this.checkButton.setAttribute("aria-label", busy ? "Stop checking" : `${what}: exercise ${this.number}`);
    this.checkButton.classList.toggle("stop", busy);
    this.panel.setAttribute("aria-busy", String(busy));
  }

  say(text, state = "") {
    if (this.verdict.textContent !== text) this.verdict.textContent = text; // each change is read out
    this.panel.dataset.state = state;
  }

  edited() {
    this.fields?.follow();
    this.show();
    this.sheet.showTotal();
  }

  /** Show what is known: points, feedback, whether the solution may be opened. */
  show() {
    const { result, opened } = this.sheet.kept.of(this);
    const current = this.result;
    const said = verdict(this, current, Boolean(result) && this.attempted);
    this.say(said.text, said.state);
    if (current !== this.shown) showResult(this.details, this, current);
    this.shown = current;
    this.clearButton.hidden = !this.attempted && !result && !opened;
    this.row.dataset.state = said.state;
    this.row.querySelector(".exercise-score").textContent = said.short;
    this.#unlock(Boolean(opened || (result && result.status !== "not attempted")));
  }

  #unlock(open) {
    if (!this.solution) return;
    this.solution.hidden = !open;
    if (!open) this.solution.open = false;
    this.lock.hidden = open;
    if (open || this.lock.hasChildNodes()) return;
    const anyway = button("Show the solution without an attempt", () => {
      this.sheet.kept.put(this, { opened: true });
      this.show();
      this.solution.open = true;
      this.solution.querySelector("summary").focus();
    }, "quiet");
    anyway.setAttribute("aria-label", `Show the solution of ${this.number} without an attempt`);
    this.lock.append("The solution can be opened after an attempt. ", anyway);
  }

  check() {
    if (this.inWords) return this.#compare();
    return this.sheet.check([this]);
  }

  /** Words are judged by their author: the rubric is shown beside them. */
  #compare() {
    const result = { status: this.attempted ? "self-assessment" : "not attempted", points: 0, checks: [] };
    this.judge(result);
  }

  judge(result) {
    if (result.status === "not attempted") this.sheet.kept.forget(this, ["result", "answer"]);
    else this.sheet.kept.put(this, { result, answer: this.answer });
    this.show();
    if (result.status === "not attempted") this.say("Not attempted yet: write your answer first.", "none");
    this.sheet.showTotal();
  }

  async askToClear() {
    const sure = await ask(`Clear the answer to ${this.number}? What you wrote there is lost.`, "Clear it");
    if (sure) this.clear();
    this.checkButton.focus();
  }

  clear() {
    for (const part of this.parts) {
      if (part.clear) part.clear();
      else if (part.editor) part.write(part.source);
    }
    this.sheet.kept.forget(this);
    this.edited();
  }
}

/** All exercises of the page. */
class Sheet {
  constructor(about) {
    Object.assign(this, about); // name, notebook, exercises
    this.cells = new Map(this.notebook.cells.map((cell) => [cell.id, cell]));
    this.kept = new Kept(this.name);
    this.exercises = about.exercises.map((exercise) => new Exercise(exercise, this));
    this.scored = this.exercises.filter((exercise) => !exercise.inWords);
    this.checker = new Checker(this);
    this.#makeBars();
    this.showTotal();
  }

  #makeBars() {
    this.totals = [overview.querySelector(".exercise-total")];
    this.checkAll = [];
    overview.append(this.#bar());
    const end = element("div", { className: "exercise-sheet exercise-end" });
    end.setAttribute("role", "region");
    end.setAttribute("aria-label", "Points so far");
    this.totals.push(element("p", { className: "exercise-total" }));
    end.append(this.totals[1], this.#bar());
    document.querySelector("article.bd-article").append(end);
    const dock = document.querySelector(".live-dock");
    if (dock) end.after(dock);
    this.totals[0].setAttribute("role", "status");
  }

  #bar() {
    const bar = element("div", { className: "exercise-actions" });
    const all = button("Check all", () => (this.busy ? page.stop() : this.check(this.scored)), "check");
    this.checkAll.push(all);
    bar.append(
      all,
      button("Download notebook", () => download(this), "plain"),
      button("Clear all", () => this.#askToClear(), "quiet"),
    );
    return bar;
  }

  async #askToClear() {
    const sure = await ask("Clear all answers of this page? What you wrote is lost.", "Clear all");
    if (sure) this.exercises.forEach((exercise) => exercise.clear());
  }

  async check(exercises) {
    this.busy = true;
    this.checkAll.forEach((all) => (all.textContent = "Stop"));
    try {
      await this.checker.check(exercises);
    } finally {
      this.busy = false;
      this.checkAll.forEach((all) => (all.textContent = "Check all"));
    }
  }

  showTotal() {
    const got = this.scored.reduce((sum, exercise) => sum + exercise.score, 0);
    const most = this.scored.reduce((sum, exercise) => sum + exercise.points, 0);
    const checked = this.scored.filter((exercise) => exercise.result).length;
    const texts = [`${got} of ${count(most, "point")}`, `${checked} of ${this.scored.length} exercises checked`];
    const hidden = this.notebook.metadata.dlcore?.hidden_checks ?? [];
    if (hidden.length) texts.push(`hidden checks of ${hidden.join(", ")} are not run here`);
    if (this.said === texts.join()) return;
    this.said = texts.join();
    for (const total of this.totals) {
      total.replaceChildren(...texts.map((textContent, i) => element(i ? "span" : "strong", { textContent })));
      const bar = element("progress", { max: most, value: got });
      bar.setAttribute("aria-hidden", "true");
      total.append(bar);
    }
  }
}

const address = new URL(`exercises/${overview.dataset.exercises}.json`, import.meta.url);

async function begin() {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  new Sheet(await response.json());
  document.documentElement.dataset.exercises = "on";
}

begin().catch((error) => {
  const text = `Answers cannot be checked in this page: ${address.pathname}: ${error.message}`;
  overview.append(element("p", { className: "live-note", textContent: text }));
});
