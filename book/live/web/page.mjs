// The cells of a page: Run, Run all above, Run all, Stop, Reset; edits that last; one worker for all.

import { Cell } from "./cell.mjs";
import { Runner, Stopped } from "./runner.mjs";
import { Dock } from "./dock.mjs";
import { Edits } from "./edits.mjs";

const settings = JSON.parse(document.getElementById("live-page").textContent);

export const runner = new Runner(settings);

export class Page {
  cells = [];
  runner = runner;
  about = settings.cells;
  #runs = 0;
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
    runner.addEventListener("stopped", () => this.cells.forEach((cell) => cell.forget()));
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

  nextRun() {
    return ++this.#runs;
  }

  /** Run a cell; if it lacks what cells above it make, run all above first; if what they made no longer holds, those. */
  runFrom(cell) {
    cell.become("waiting", "waiting …");
    return this.#run(async () => {
      const above = this.above(cell);
      const { cells, again } = await runner.missing(cell.code, above.map(({ history }) => history));
      const wanted = above.filter(({ id, ran }) => again.includes(id) || (cells.length && ran === null));
      return [...wanted, cell];
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
        if (!asked || cell === asked) cell.show(); // what ran only because it was needed stays folded
        const done = await cell.run();
        if (done.status === "error") {
          await this.#afterError(cell, done);
          return;
        }
        if (this.cells.every(({ ran, source }) => ran === null || ran === source)) cell.compare();
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
    cell.show();
    const error = done.outputs.find((output) => output.output_type === "error");
    this.dock.say(done.trouble || `The cell ${cell.title} raised ${error?.ename ?? "an error"}`, true);
    if (done.trouble) cell.say(`The file ${done.trouble}.`);
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
