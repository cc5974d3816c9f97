// The cells of a page: Run, Run all above, Run all, Stop, Reset; edits that last; one worker for all.

import { makeEditor } from "./editor.mjs";
import { showOutputs } from "./outputs.mjs";
import { Runner, Stopped } from "./runner.mjs";
import { Dock } from "./dock.mjs";
import { Edits } from "./edits.mjs";

const settings = JSON.parse(document.getElementById("live-page").textContent);

export const runner = new Runner(settings);

const button = (text, label, onClick, kind) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `live-button ${kind}`;
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
};

class Cell {
  ran = false;
  outputs = null; // of the last run here, in the notebook format

  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.id = element.id.replace(/^cell-/, "");
    this.title = this.id.replaceAll("-", " ");
    this.reason = settings.cells[this.id]?.reason;
    this.pre = element.querySelector(".cell_input pre");
    this.source = this.pre.textContent.replace(/\n$/, "");
    this.stored = element.querySelector(":scope > .cell_output");
    this.alt = this.stored?.querySelector("img")?.alt;
    this.bar = document.createElement("div");
    this.bar.className = "live-bar";
    this.status = document.createElement("span");
    this.status.className = "live-status";
    element.querySelector(".cell_input").append(this.bar);
    element.classList.add("live");
    if (this.reason) this.#explain();
    else this.#makeLive();
  }

  get code() {
    return this.editor?.value ?? this.source;
  }

  #explain() {
    this.element.classList.add("not-live");
    this.status.textContent = `Not in the page: ${this.reason}.`;
    this.bar.append(this.status);
  }

  #makeLive() {
    const kept = this.page.edits.load(this);
    this.editor = makeEditor(this.pre, {
      label: `Code of the cell ${this.title}`,
      hint: "live-keys",
      onInput: () => this.#edited(),
      onRun: ({ stay }) => {
        this.page.runFrom(this);
        if (!stay) this.page.after(this)?.editor.focus();
      },
    });
    const copy = this.element.querySelector(".cell_input .copybtn");
    if (copy) this.editor.element.after(copy);
    this.runButton = button("", "", () => this.#press(), "run");
    this.#nameButton(false);
    const all = this.page.cells.length
      ? button("Run all above", `Run all above, up to the cell ${this.title}`, () => this.page.runAbove(this), "quiet")
      : button("Run all", "Run all cells of this page", () => this.page.runAll(), "quiet");
    this.mark = document.createElement("span");
    this.mark.className = "live-edit";
    this.mark.innerHTML = '<span class="live-changed">changed</span>';
    this.mark.append(button("Restore", `Restore the cell ${this.title}`, () => this.restore(), "quiet"));
    this.bar.append(this.runButton, all, this.status, this.mark);
    if (kept !== null) this.editor.set(kept);
    this.#markChanged();
  }

  #nameButton(busy) {
    const run = settings.cells[this.id]?.controls ? "Run with sliders" : "Run";
    this.runButton.textContent = busy ? "Stop" : run;
    this.runButton.setAttribute("aria-label", busy ? "Stop all cells" : `${run}: cell ${this.title}`);
    this.runButton.classList.toggle("stop", busy);
  }

  // The attribute, which every browser has: reflection as element.ariaBusy is newer than what else is used here.
  get busy() {
    return this.element.getAttribute("aria-busy") === "true";
  }

  #press() {
    if (this.busy) this.page.stop();
    else this.page.runFrom(this);
  }

  #edited() {
    this.page.edits.save(this);
    this.#markChanged();
    this.element.dispatchEvent(new CustomEvent("live-edit"));
  }

  /** Put other code into the cell, as if it were typed. */
  write(code) {
    this.editor.set(code);
    this.#edited();
  }

  #markChanged() {
    const changed = this.code !== this.source;
    this.element.classList.toggle("changed", changed);
    this.mark.hidden = !changed;
  }

  restore() {
    this.editor.set(this.source);
    this.#edited();
    this.#showStored();
    this.become("", "");
    this.runButton.focus(); // not the editor: on a phone that would raise the keyboard
  }

  /** Go back to what the book stores: the output, and no state. */
  reset() {
    this.ran = false;
    if (this.reason) return;
    this.#showStored();
    this.become("", "");
  }

  #showStored() {
    this.output?.replaceWith(...(this.stored ? [this.stored] : []));
    this.output = null;
  }

  become(state, text) {
    this.element.dataset.live = state;
    this.element.setAttribute("aria-busy", String(state === "waiting" || state === "running"));
    this.#nameButton(this.busy);
    this.status.textContent = text;
  }

  async run() {
    let shown = false;
    const show = (outputs) => {
      if (!shown) this.#makeOutput();
      shown = true;
      const alt = this.code === this.source ? this.alt : undefined;
      showOutputs(this.output, outputs, { alt, runner });
    };
    const done = await runner.run(this.code, {
      name: this.id,
      onStart: () => this.become("running", "running …"),
      onOutput: (_, outputs) => show(outputs),
    });
    if (!done.outputs.length) show([]);
    this.outputs = done.outputs;
    this.ran = done.status === "ok";
    const seconds = done.seconds < 0.05 ? "under 0.1 s" : `${done.seconds.toFixed(1)} s`;
    this.become(done.status, done.status === "ok" ? `ran here in ${seconds}` : "raised an error");
    return done;
  }

  #makeOutput() {
    if (this.output) return;
    this.output = document.createElement("div");
    this.output.className = "cell_output docutils container";
    if (this.stored?.isConnected) this.stored.replaceWith(this.output);
    else this.element.append(this.output);
  }

  say(text) {
    const note = document.createElement("p");
    note.className = "live-hint";
    note.textContent = text;
    this.output.append(note);
  }
}

export class Page {
  cells = [];
  #queue = Promise.resolve();
  #round = 0; // a stop ends the round: what still waits in it is not run

  constructor() {
    this.edits = new Edits(settings.page, () =>
      this.dock.say("This browser keeps nothing for this site: what you write here lasts until you leave the page.", true),
    );
    this.dock = new Dock({
      onRunAll: () => this.runAll(),
      onStop: () => this.stop(),
      onReset: () => this.reset(),
    });
    for (const element of document.querySelectorAll("div.cell[id^='cell-']")) {
      this.cells.push(new Cell(element, this));
    }
    this.live = this.cells.filter((cell) => !cell.reason);
    this.dock.follow(runner);
    runner.addEventListener("stopped", () => this.cells.forEach((cell) => (cell.ran = false)));
  }

  after(cell) {
    return this.live[this.live.indexOf(cell) + 1];
  }

  above(cell) {
    return this.live.slice(0, this.live.indexOf(cell));
  }

  runAll() {
    return this.#run(() => this.live);
  }

  runAbove(cell) {
    return this.#run(() => this.above(cell));
  }

  /** Run a cell; if it lacks what cells above it make, run all above first. */
  runFrom(cell) {
    cell.become("waiting", "waiting …");
    return this.#run(async () => {
      const fresh = this.above(cell).filter((other) => !other.ran);
      const { cells } = await runner.missing(cell.code, fresh.map(({ id, code }) => ({ id, code })));
      return cells.length ? [...fresh, cell] : [cell];
    }, cell);
  }

  #run(choose, asked) {
    const round = this.#round;
    const turn = this.#queue.then(() => this.#runThem(choose, asked, round));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #runThem(choose, asked, round) {
    let cells = asked ? [asked] : [];
    try {
      if (round !== this.#round) throw new Stopped();
      this.dock.show();
      cells = await choose();
      cells.forEach((cell) => cell.become("waiting", "waiting …"));
      await runner.start();
      for (const [i, cell] of cells.entries()) {
        this.dock.say(`Running the cell ${cell.title}${cells.length > 1 ? `, ${i + 1} of ${cells.length}` : ""}`);
        const done = await cell.run();
        if (done.status === "error") {
          await this.#afterError(cell, done);
          return;
        }
      }
      this.dock.say(cells.length > 1 ? `${cells.length} cells have run` : `The cell ${cells[0]?.title ?? ""} has run`);
    } catch (error) {
      if (!(error instanceof Stopped)) this.dock.say(error.message, true);
    } finally {
      for (const cell of [...cells, asked]) {
        if (cell?.busy) cell.become("", cell.element.dataset.live === "running" ? "stopped" : "not run");
      }
    }
  }

  async #afterError(cell, done) {
    const error = done.outputs.find((output) => output.output_type === "error");
    this.dock.say(`The cell ${cell.title} raised ${error?.ename ?? "an error"}`, true);
    const absent = this.cells.filter((other) => other.reason).map(({ id, code }) => ({ id, code }));
    if (error?.ename !== "NameError" || !absent.length) return;
    const { cells, names } = await runner.missing(cell.code, absent);
    if (cells.length) cell.say(`${names.join(", ")}: made by a cell above that cannot run in the page.`);
  }

  stop() {
    this.#round += 1;
    runner.stop("stopped");
    this.dock.say("Stopped. What the cells had computed is gone; run them again from the top.");
  }

  reset() {
    this.#round += 1;
    runner.stop("reset");
    this.cells.forEach((cell) => cell.reset());
    this.dock.say("Reset: no variables, and the outputs are those stored with the book. Your edits are kept.");
  }
}

export const page = new Page();
document.getElementById("live-note").hidden = false;
document.documentElement.dataset.live = "on";
