// The column of settings: every control has a label, and tells what it was changed to.

import { make } from "./dom.mjs";
import { CHOICES, NUMBERS, RANGES } from "./settings.mjs";

const GROUPS = [
  ["Network", [["activation", "Activation"], ["init", "First weights"], ["dropout", "Dropout"]]],
  ["Learning", [
    ["loss", "Loss"], ["optimizer", "Optimiser"], ["lr", "Learning rate"], ["schedule", "Schedule"], ["batch", "Batch size"],
    ["penalty", "Penalty"], ["strength", "Its strength"],
  ]],
];
const SPOKEN = { lr: plain, strength: plain, dropout: (v) => (v ? String(v) : "none"), batch: (v) => (v >= 400 ? "all points" : String(v)) };

function plain(value) {
  return String(value);
}

/** Events: "change" {name: value}, "pen" 0 or 1, "undo", "clear". */
export class Controls extends EventTarget {
  #fields = {};
  #pens;
  #tools;

  constructor(root) {
    super();
    root.append(this.#data(), ...GROUPS.map(([title, rows]) => this.#group(title, rows)));
  }

  /** Show a set-up. */
  show(settings) {
    for (const [name, field] of Object.entries(this.#fields)) field.show(settings[name]);
    this.#fields.strength.field.disabled = settings.penalty === "none";
    this.#tools.hidden = settings.data !== "own";
  }

  setPen(pen) {
    this.#pens[pen].checked = true;
  }

  #tell(name, value) {
    this.dispatchEvent(new CustomEvent("change", { detail: { [name]: value } }));
  }

  #group(title, rows) {
    const fields = rows.map(([name, label]) => this.#select(name, label));
    return make("fieldset", {}, make("legend", {}, title), ...fields);
  }

  #select(name, label) {
    const numbers = NUMBERS[name];
    const options = numbers ? numbers.map((v) => [v, SPOKEN[name](v)]) : Object.entries(CHOICES[name]);
    const field = make("select", { name, onchange: () => this.#tell(name, numbers ? Number(field.value) : field.value) },
      ...options.map(([value, text]) => make("option", { value }, text)));
    this.#fields[name] = { field, show: (value) => (field.value = String(value)) };
    return make("label.pg-row", {}, make("span", {}, label), field);
  }

  #data() {
    const sets = make("div.pg-sets", { role: "radiogroup", "aria-label": "Data set" });
    const radios = Object.entries(CHOICES.data).map(([value, text]) => {
      const input = make("input", { type: "radio", name: "pg-data", value, onchange: () => this.#tell("data", value) });
      sets.append(make("label", {}, input, glyph(value), make("span", {}, text)));
      return input;
    });
    this.#fields.data = { field: radios, show: (value) => radios.forEach((r) => (r.checked = r.value === value)) };
    return make("fieldset", {}, make("legend", {}, "Data"), sets, this.#drawTools(),
      this.#range("noise", "Noise", (v) => v.toFixed(2)), this.#range("train", "To train on", (v) => `${v} %`), this.#seed());
  }

  #range(name, label, spoken) {
    const { low, high, step } = RANGES[name];
    const said = make("output");
    const field = make("input", { type: "range", name, min: low, max: high, step, oninput: () => {
      said.textContent = spoken(Number(field.value));
      this.#tell(name, Number(field.value));
    } });
    this.#fields[name] = { field, show: (value) => {
      field.value = String(value);
      said.textContent = spoken(value);
      field.setAttribute("aria-valuetext", spoken(value));
    } };
    return make("label.pg-row", {}, make("span", {}, label), make("span.pg-range", {}, field, said));
  }

  #seed() {
    const { low, high } = RANGES.seed;
    const field = make("input", { type: "number", name: "seed", min: low, max: high, step: 1, inputmode: "numeric", onchange: () => {
      const value = Math.min(high, Math.max(low, Math.round(Number(field.value)) || 0));
      this.#tell("seed", value);
    } });
    this.#fields.seed = { field, show: (value) => (field.value = String(value)) };
    const next = make("button.pg-small", { type: "button", onclick: () => this.#tell("seed", (Number(field.value) + 1) % (high + 1)) }, "Next seed");
    return make("div.pg-row", {}, make("label", { for: (field.id = "pg-seed") }, "Seed"), make("span.pg-range", {}, field, next));
  }

  #drawTools() {
    this.#pens = [0, 1].map((pen) =>
      make("input", { type: "radio", name: "pg-pen", value: pen, checked: pen === 0, onchange: () => this.dispatchEvent(new CustomEvent("pen", { detail: pen })) }));
    const ask = (what) => () => this.dispatchEvent(new CustomEvent(what));
    this.#tools = make("div.pg-tools", { role: "group", "aria-label": "Drawing", hidden: true },
      ...this.#pens.map((input, pen) => make("label", {}, input, mark(pen), `class ${pen}`)),
      make("button.pg-small", { type: "button", onclick: ask("undo") }, "Undo"),
      make("button.pg-small", { type: "button", onclick: ask("clear") }, "Clear"));
    return this.#tools;
  }
}

const SVG = "http://www.w3.org/2000/svg";

function svg(size, ...marks) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "-3 -3 6 6");
  picture.setAttribute("width", size);
  picture.setAttribute("height", size);
  picture.setAttribute("aria-hidden", "true");
  for (const [x, y, kind, r = 0.3] of marks) {
    const dot = document.createElementNS(SVG, kind ? "path" : "circle");
    if (kind) dot.setAttribute("d", `M${x} ${-y - 1.3 * r}l${1.25 * r} ${2.2 * r}h${-2.5 * r}z`);
    else for (const [name, value] of [["cx", x], ["cy", -y], ["r", r]]) dot.setAttribute(name, value);
    dot.setAttribute("class", kind ? "pg-one" : "pg-zero");
    picture.append(dot);
  }
  return picture;
}

/** The mark of a class, as in the plot. */
export const mark = (kind) => svg(14, [0, 0, kind, 1.9]);

const round = (n, radius, kind, from = 0, to = 2 * Math.PI) =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / n).map((a) => [radius * Math.cos(a), radius * Math.sin(a), kind]);

const GLYPHS = {
  circles: () => [...round(14, 2.4, 0), ...round(6, 1, 1)],
  xor: () => [-1, 1].flatMap((a) => [-1, 1].flatMap((b) => round(5, 0.7, a * b < 0 ? 1 : 0).map(([x, y, k]) => [x + 1.6 * a, y + 1.6 * b, k]))),
  moons: () => [
    ...round(9, 1.7, 0, 0, Math.PI * 1.12).map(([x, y, k]) => [x - 0.8, y - 0.3, k]),
    ...round(9, 1.7, 1, Math.PI, Math.PI * 2.12).map(([x, y, k]) => [x + 0.8, y + 0.6, k]),
  ],
  spirals: () => [0, 1].flatMap((k) => Array.from({ length: 12 }, (_, i) => {
    const [r, a] = [0.35 + 0.2 * i, 0.55 * i + Math.PI * k];
    return [r * Math.cos(a), r * Math.sin(a), k];
  })),
  gaussians: () => [0, 1].flatMap((k) => [...round(8, 1, k), [0, 0, k]].map(([x, y]) => [x + (k ? 1.4 : -1.4), y + (k ? 1.4 : -1.4), k])),
  own: () => [[-1.8, -1, 0], [-0.9, 0.2, 0], [-1.6, 1.2, 0], [0.2, -1.8, 0], [1.9, 1.2, 1], [0.9, 2, 1], [1.5, -0.4, 1]],
};

const glyph = (name) => svg(30, ...GLYPHS[name]());
