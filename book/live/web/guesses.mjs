// Guess, then see: a place for the guess before each folded result, the button that shows it, and the switch for all.

import { Guesses, allShown, readGuess, verdict, withUnit } from "./guesses-kept.mjs";

const { page, predictions } = JSON.parse(document.getElementById("guesses-page").textContent);
const kept = new Guesses(page);
const root = document.documentElement;

const make = (tag, className, entries = {}) => Object.assign(document.createElement(tag), { className, ...entries });

/** One prediction: its field stands before the first of its results, a button before each. */
class Place {
  constructor(asked, number) {
    this.asked = asked;
    this.id = asked.cells[0];
    this.title = this.id.replaceAll("-", " ");
    this.cells = asked.cells.map((id) => document.getElementById(`cell-${id}`));
    this.said = make("p", "guess-said");
    this.said.setAttribute("role", "status");
    this.form = make("form", "guess-form");
    this.field = asked.kind === "choice" ? this.#choices(number) : this.#line();
    this.form.append(this.field, this.said);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.toggle(!this.shown);
    });
    this.cells.forEach((cell, i) => this.#fill(cell, i));
    this.#note();
    this.follow();
  }

  get shown() {
    return allShown.on || kept.of(this.id).shown;
  }

  get guess() {
    return kept.of(this.id).guess;
  }

  #fill(cell, i) {
    const button = make("button", "live-button guess-show", { type: i ? "button" : "submit" });
    button.setAttribute("aria-controls", this.asked.cells.map((id) => `result-${id}`).join(" "));
    cell.querySelector(":scope > .guess").append(i ? button : this.form);
    if (i) button.addEventListener("click", () => this.toggle(true));
    else this.form.append(button);
    cell.addEventListener("live-show", () => this.toggle(true));
    cell.addEventListener("beforematch", () => this.toggle(true));
  }

  #line() {
    const label = make("label", "guess-line");
    const input = make("input", "", { type: "text", autocomplete: "off", value: this.guess });
    input.setAttribute("aria-label", `Your guess for the result of the cell ${this.title}`);
    input.addEventListener("input", () => this.#write(input.value));
    label.append(make("span", "", { textContent: "Your guess" }), input);
    if (this.asked.unit) label.append(make("span", "", { textContent: this.asked.unit }));
    if (this.asked.kind === "number") label.classList.add("number");
    return label;
  }

  #choices(number) {
    const group = make("fieldset", "guess-choices");
    group.append(make("legend", "", { textContent: "Your guess" }));
    for (const choice of this.asked.choices) {
      const label = make("label", "");
      const input = make("input", "", { type: "radio", name: `guess-${number}`, value: choice, checked: choice === this.guess });
      input.addEventListener("change", () => this.#write(choice));
      label.append(input, choice);
      group.append(label);
    }
    return group;
  }

  #write(guess) {
    kept.put(this.id, { guess, shown: false });
    this.#note();
  }

  #note() {
    const { kind } = this.asked;
    this.said.textContent = kind === "number" && this.guess ? readGuess(this.asked, this.guess).note : "";
  }

  toggle(shown) {
    if (shown !== this.shown) kept.put(this.id, { shown });
    this.follow();
  }

  /** Show what is kept. */
  follow() {
    const { shown } = this;
    const words = shown ? "Hide the result" : "Show the result";
    for (const [i, cell] of this.cells.entries()) {
      cell.classList.toggle("open", shown);
      const output = cell.querySelector(":scope > .cell_output");
      if (shown) output?.removeAttribute("hidden");
      else output?.setAttribute("hidden", "until-found"); // the browser's own search finds it, and shows it
      const place = cell.querySelector(":scope > .guess");
      place.hidden = shown && (i > 0 || (allShown.on && !this.guess));
      const button = place.querySelector(".guess-show");
      button.textContent = words;
      button.setAttribute("aria-label", `${words} of the cell ${this.asked.cells[i].replaceAll("-", " ")}`);
      button.setAttribute("aria-expanded", String(shown));
      button.hidden = allShown.on;
      button.classList.toggle("quiet", shown);
    }
    this.field.hidden = shown;
    if (shown) this.said.textContent = this.#judged();
    else this.#note();
  }

  #judged() {
    const { guess } = this;
    if (!guess.trim()) return "";
    const number = this.asked.kind === "number" && readGuess(this.asked, guess).code;
    const shown = number && !guess.trim().endsWith(this.asked.unit) ? withUnit(guess.trim(), this.asked) : guess.trim();
    return `Your guess: ${shown}${/[.?!]$/.test(shown) ? "" : "."} ${verdict(this.asked, guess)}`.trim();
  }
}

/** The switch, at the head of the page. */
function addSwitch(places) {
  const label = make("label", "");
  const input = make("input", "", { type: "checkbox", checked: allShown.on });
  input.setAttribute("role", "switch");
  input.addEventListener("change", () => {
    allShown.on = input.checked;
    root.dataset.results = input.checked ? "shown" : "folded";
    places.forEach((place) => place.follow());
  });
  label.append(input, "Show all results");
  const many = `${places.length} result${places.length > 1 ? "s" : ""}`;
  const why = make("span", "", { textContent: `Guess first: ${many} of this page stay folded until you ask.` });
  document.querySelector(".guess-switch").append(why, label);
}

/** A link may lead into a folded result. */
function openLinked(places) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const place = target && places.find(({ cells }) => cells.some((cell) => cell.contains(target) && cell !== target));
  if (!place || place.shown) return;
  place.toggle(true);
  target.scrollIntoView();
}

const places = predictions.map((asked, number) => new Place(asked, number));
addSwitch(places);
document.getElementById("guesses-seen").remove();
addEventListener("hashchange", () => openLinked(places));
openLinked(places);
