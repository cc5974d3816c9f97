// The strip at the foot of the page: what Python is doing, and the buttons that concern all cells.

export class Dock {
  constructor({ onRunAll, onStop, onReset }) {
    this.element = document.createElement("div");
    this.element.className = "live-dock";
    this.element.setAttribute("role", "region");
    this.element.setAttribute("aria-label", "Python on this page");
    this.element.hidden = true;
    this.element.innerHTML = `
      <p class="live-says" role="status"></p>
      <progress class="live-progress" aria-label="Fetched" max="1" hidden></progress>
      <div class="live-buttons">
        <button type="button" class="live-button quiet">Run all</button>
        <button type="button" class="live-button quiet">Stop</button>
        <button type="button" class="live-button quiet">Reset</button>
      </div>
      <p id="live-keys" hidden>Shift and Enter runs the cell. Tab indents while you edit; Escape, then Tab, moves on.</p>`;
    this.text = this.element.querySelector(".live-says");
    this.bar = this.element.querySelector("progress");
    const [runAll, stop, reset] = this.element.querySelectorAll("button");
    runAll.addEventListener("click", onRunAll);
    stop.addEventListener("click", onStop);
    reset.addEventListener("click", onReset);
    this.stopButton = stop;
    stop.disabled = true;
    (document.querySelector("article.bd-article") ?? document.body).append(this.element);
  }

  show() {
    this.element.hidden = false;
  }

  say(text, wrong = false) {
    this.show();
    this.bar.hidden = true;
    this.text.setAttribute("aria-busy", "false");
    this.text.textContent = text;
    this.element.classList.toggle("wrong", wrong);
  }

  follow(runner) {
    runner.addEventListener("state", ({ detail: { state } }) => {
      this.stopButton.disabled = state === "off" || state === "ready";
      this.element.dataset.state = state;
      if (state === "starting") this.say("Fetching Python for this page");
    });
    runner.addEventListener("progress", ({ detail: { loaded, total, text } }) => {
      if (runner.state !== "starting") return;
      this.bar.hidden = false;
      this.bar.max = total;
      this.bar.value = loaded;
      this.text.setAttribute("aria-busy", "true"); // shown, not read aloud twenty times a second
      this.text.textContent = text;
    });
  }
}
