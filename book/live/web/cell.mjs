// One code cell of a page: its buttons, its edits, what it shows, and whether what it made still holds.

import { makeEditor } from "./editor.mjs";
import { showOutputs } from "./outputs.mjs";

const button = (text, label, onClick, kind) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `live-button ${kind}`;
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
};

export class Cell {
  ran = null; // the code that has run here, if it ended well
  #last = null; // the code that was run last, however it ended
  ranAt = 0; // the number of that run in the page
  changedAt = 0; // the number of the last run with other code than the one before
  outputs = null; // of the last run here, in the notebook format

  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.id = element.id.replace(/^cell-/, "");
    this.title = this.id.replaceAll("-", " ");
    this.reason = page.about[this.id]?.reason;
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
    const run = this.page.about[this.id]?.controls ? "Run with sliders" : "Run";
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
    this.forget();
    if (this.reason) return;
    this.#showStored();
    this.become("", "");
  }

  /** What the cell made is gone. */
  forget() {
    this.ran = this.#last = null;
    this.ranAt = this.changedAt = 0;
  }

  /** What must be known of the cell to say whether what it made still holds. */
  get history() {
    const { id, code, ran, ranAt, changedAt } = this;
    return { id, code, ran, ranAt, changedAt };
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

  /** Say that the reader has asked for the result: where it is folded, it opens. */
  show() {
    this.element.dispatchEvent(new CustomEvent("live-show"));
  }

  async run() {
    const { runner } = this.page;
    const { code } = this;
    let shown = false;
    const show = (outputs) => {
      if (!shown) this.#makeOutput();
      shown = true;
      const said = code === this.source ? { alt: this.alt, caption: this.stored?.querySelector("figcaption") } : {};
      showOutputs(this.output, outputs, { ...said, runner });
    };
    const clock = new Clock((text) => (this.status.textContent = text));
    const running = runner.run(code, {
      name: this.id,
      onStart: () => {
        this.become("running", "");
        clock.start();
      },
      onWorking: (text) => clock.say(text),
      onOutput: (_, outputs) => show(outputs),
    });
    const done = await running.finally(() => clock.stop());
    if (!done.outputs.length) show([]);
    this.outputs = done.outputs;
    this.#remember(code, done);
    this.become(done.status, done.status === "ok" ? `ran here in ${seconds(done.seconds)}` : "raised an error");
    return done;
  }

  #remember(code, { status }) {
    this.ranAt = this.page.nextRun();
    if (this.#last !== null && this.#last !== code) this.changedAt = this.ranAt;
    this.#last = code;
    this.ran = status === "ok" ? code : null;
  }

  /** Say so where the code of the book prints other numbers here than the book does. */
  compare() {
    if (!this.stored || !printed(this.stored) || printed(this.stored) === printed(this.output)) return;
    this.say(`${OTHERWISE} ${this.page.about[this.id]?.differs ?? ROUNDING}.`);
  }

  #makeOutput() {
    if (this.output) return;
    this.output = document.createElement("div");
    this.output.className = "cell_output docutils container";
    if (this.stored) this.output.id = this.stored.id;
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


const OTHERWISE = "What is printed here differs from what the book stores and its text quotes:";
const ROUNDING =
  "arithmetic in a browser rounds differently in the last digits, training makes such differences grow, and times " +
  "are those of your machine";

/** The text that a cell has printed or shown as a value, without its blanks. */
function printed(output) {
  const texts = [...output.querySelectorAll(".stream:not(.stderr) pre, .text_plain pre")];
  return texts.map((pre) => pre.textContent.replace(/\s+/g, "")).join("");
}

const seconds = (time) => (time < 0.05 ? "under 0.1 s" : `${time.toFixed(1)} s`);

/** What a cell says while it runs: for how long, and how far it has come where it tells. */
class Clock {
  #say;
  #began = 0;
  #far = "";
  #ticking;

  constructor(say) {
    this.#say = say;
  }

  start() {
    this.#began = performance.now();
    this.#ticking = setInterval(() => this.#tell(), 1000);
    this.#tell();
  }

  say(far) {
    this.#far = far;
    this.#tell();
  }

  stop() {
    clearInterval(this.#ticking);
  }

  #tell() {
    const time = Math.floor((performance.now() - this.#began) / 1000);
    this.#say(["running …", time ? `${time} s` : "", this.#far].filter(Boolean).join(" "));
  }
}
