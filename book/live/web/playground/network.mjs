// The network as a picture that can be operated: inputs to choose, layers to change, neurons to look at.

import { colours, paint } from "./colours.mjs";
import { floats, fitted, make, signed, weight } from "./dom.mjs";
import { FEATURES, MOST } from "./settings.mjs";

const SIDE = 24; // points a side of a neuron's map
const SHAPES = {
  x1: (a) => a, x2: (_, b) => b, x1x1: (a) => a * a, x2x2: (_, b) => b * b, x1x2: (a, b) => a * b,
  sinx1: (a) => Math.sin(a), sinx2: (_, b) => Math.sin(b),
};

/** The map of an input, which needs no network. */
function inputMap(name) {
  const values = new Float32Array(SIDE * SIDE);
  const at = (i) => -3 + (6 * i) / (SIDE - 1);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) values[row * SIDE + column] = SHAPES[name](at(column), -at(row));
  }
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return Int8Array.from(values, (v) => Math.round((127 * v) / most));
}

/** Events: "change" {features?, layers?}, "look" {layer, neuron, map, text} or null. */
export class Network extends EventTarget {
  #root;
  #counter;
  #lines = make("canvas.pg-lines", { "aria-hidden": "true" });
  #columns = make("div.pg-columns");
  #inputs = [];
  #layers = []; // one list of buttons a hidden layer
  #output;
  #centres = null;
  #settings;
  #frame = null;
  #weights = [];
  #seen = null; // the neuron that is looked at
  #held = null; // the same, where it was pressed

  /** root: where to draw; counter: where the number of layers is set. */
  constructor(root, counter) {
    super();
    this.#root = root;
    this.#counter = counter;
    root.append(this.#lines, this.#columns);
    new ResizeObserver(() => this.refresh()).observe(root);
  }

  /** Lay the columns out for a set-up; focus stays where it was. */
  build(settings) {
    const focused = document.activeElement?.dataset?.at;
    this.#settings = settings;
    this.#frame = null;
    this.#weights = [];
    this.look(null);
    this.#held = null;
    this.#inputs = Object.keys(FEATURES).map((name) => this.#input(name));
    this.#layers = settings.layers.map((width, layer) =>
      Array.from({ length: width }, (_, neuron) => this.#neuron(layer, neuron)),
    );
    this.#output = make("div.pg-output", {}, make("span.pg-sigma", {}, "Σ"));
    this.#columns.replaceChildren(
      column(make("div.pg-head", {}, make("div.pg-name", {}, "Inputs")), this.#inputs),
      ...this.#layers.map((neurons, layer) => column(this.#head(layer), neurons)),
      column(make("div.pg-head", {}, make("div.pg-name", {}, "Output")), [this.#output]),
    );
    this.#counter.replaceChildren(...this.#count());
    if (focused) document.querySelector(`[data-at="${focused}"]`)?.focus();
    this.refresh();
  }

  #input(name) {
    const on = this.#settings.features.includes(name);
    const map = make("canvas", { "aria-hidden": "true" });
    paint(map, inputMap(name), colours().map);
    const press = () => {
      const features = Object.keys(FEATURES).filter((f) => this.#settings.features.includes(f) !== (f === name));
      this.dispatchEvent(new CustomEvent("change", { detail: { features } }));
    };
    const button = make("button.pg-input", { type: "button", "aria-pressed": String(on), "data-at": `input-${name}`, onclick: press });
    button.append(make("span", {}, FEATURES[name]), map);
    return button;
  }

  #neuron(layer, neuron) {
    const button = make("button.pg-neuron", {
      type: "button", "data-at": `neuron-${layer}-${neuron}`, "aria-label": `Layer ${layer + 1}, neuron ${neuron + 1}`,
      onpointerenter: (event) => event.pointerType === "mouse" && this.look([layer, neuron]),
      onpointerleave: (event) => event.pointerType === "mouse" && this.look(this.#held),
      onfocus: () => this.look([layer, neuron]),
      onblur: () => this.look(this.#held),
      onclick: () => {
        this.#held = this.#held?.join() === `${layer},${neuron}` ? null : [layer, neuron];
        this.look(this.#held);
      },
    });
    button.append(make("canvas", { "aria-hidden": "true" }));
    return button;
  }

  #head(layer) {
    const width = this.#settings.layers[layer];
    const become = (value) => () => this.#change((layers) => (layers[layer] = value));
    return make("div.pg-head", {},
      make("div.pg-name", {}, `Layer ${layer + 1}`),
      make("div.pg-width", { role: "group", "aria-label": `Neurons of layer ${layer + 1}` },
        make("button", { type: "button", "aria-label": `Remove a neuron from layer ${layer + 1}`, "data-at": `less-${layer}`, disabled: width <= 1, onclick: become(width - 1) }, "−"),
        make("span", {}, String(width)),
        make("button", { type: "button", "aria-label": `Add a neuron to layer ${layer + 1}`, "data-at": `more-${layer}`, disabled: width >= MOST.width, onclick: become(width + 1) }, "+")));
  }

  #count() {
    const { length } = this.#settings.layers;
    const add = () => this.#change((layers) => layers.push(layers.at(-1) ?? 4));
    const remove = () => this.#change((layers) => layers.pop());
    return [
      make("button", { type: "button", "aria-label": "Remove the last layer", "data-at": "less-layers", disabled: length === 0, onclick: remove }, "−"),
      make("span", {}, `${length} hidden ${length === 1 ? "layer" : "layers"}`),
      make("button", { type: "button", "aria-label": "Add a layer", "data-at": "more-layers", disabled: length >= MOST.layers, onclick: add }, "+"),
    ];
  }

  #change(edit) {
    const layers = [...this.#settings.layers];
    edit(layers);
    this.dispatchEvent(new CustomEvent("change", { detail: { layers } }));
  }

  /** Take what Python says of the network. */
  setFrame(frame) {
    this.#frame = { maps: frame.maps.map(signed), silent: frame.silent };
    this.#weights = split(floats(frame.weights), [this.#settings.features.length, ...this.#settings.layers, 1]);
    this.draw();
  }

  refresh() {
    const base = this.#root.getBoundingClientRect();
    const centre = (element) => {
      const box = element.getBoundingClientRect();
      return { left: box.left - base.left, right: box.right - base.left, y: box.top + box.height / 2 - base.top };
    };
    const used = this.#inputs.filter((button) => button.getAttribute("aria-pressed") === "true");
    this.#centres = [used, ...this.#layers, this.#output ? [this.#output] : []].map((list) => list.map(centre));
    Object.keys(FEATURES).forEach((name, i) => {
      if (this.#inputs[i]) paint(this.#inputs[i].querySelector("canvas"), inputMap(name), colours().map);
    });
    this.draw();
  }

  draw() {
    if (!this.#frame) return void this.#drawLines();
    this.#layers.forEach((neurons, layer) => {
      const maps = this.#frame.maps[layer];
      neurons.forEach((button, i) => {
        paint(button.firstChild, maps.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), colours().map);
        const silent = this.#frame.silent[layer].includes(i);
        if (button.classList.toggle("silent", silent) !== (button.dataset.silent === "yes")) {
          button.dataset.silent = silent ? "yes" : "no";
          button.setAttribute("aria-label", `Layer ${layer + 1}, neuron ${i + 1}${silent ? ", silent" : ""}`);
        }
      });
    });
    this.#drawLines();
    if (this.#seen) this.#tell();
  }

  #drawLines() {
    const { context, width, height } = fitted(this.#lines);
    context.clearRect(0, 0, width, height);
    const scheme = colours();
    this.#weights.forEach(({ matrix }, layer) => {
      const [from, to] = [this.#centres[layer], this.#centres[layer + 1]];
      matrix.forEach((row, j) => row.forEach((w, i) => from[i] && to[j] && this.#line(context, scheme, layer, from[i], to[j], j, w)));
    });
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  #line(context, scheme, layer, a, b, neuron, w) {
    const seen = this.#seen;
    context.globalAlpha = !seen || (seen[0] === layer && seen[1] === neuron) ? 0.8 : 0.12;
    context.lineWidth = Math.min(7, 0.5 + 2 * Math.abs(w));
    context.strokeStyle = w === 0 ? scheme.line : w < 0 ? scheme.edge0 : scheme.edge1;
    context.setLineDash(w < 0 ? [6, 4] : []);
    const middle = (a.right + b.left) / 2;
    context.beginPath();
    context.moveTo(a.right, a.y);
    context.bezierCurveTo(middle, a.y, middle, b.y, b.left, b.y);
    context.stroke();
  }

  /** Look at one neuron, [layer, neuron], or at none; it is told when there is something to tell. */
  look(at) {
    const before = this.#seen;
    this.#seen = at;
    this.#layers.flat().forEach((button) => {
      const own = button.dataset.at === `neuron-${at?.join("-")}`;
      button.classList.toggle("seen", own);
    });
    if (at && this.#frame) this.#tell();
    else if (before) this.dispatchEvent(new CustomEvent("look", { detail: null }));
    if (this.#centres) this.#drawLines();
  }

  #tell() {
    const [layer, neuron] = this.#seen;
    const map = this.#frame.maps[layer].subarray(neuron * SIDE * SIDE, (neuron + 1) * SIDE * SIDE);
    const { matrix, bias } = this.#weights[layer];
    const names = layer === 0 ? this.#settings.features.map((name) => FEATURES[name]) : [...matrix[neuron]].map((_, i) => `n${i + 1}`);
    const terms = [...matrix[neuron]].map((w, i) => `${weight(w)} ${names[i]}`);
    const silent = this.#frame.silent[layer].includes(neuron);
    const text = `Layer ${layer + 1}, neuron ${neuron + 1}: ${terms.join(" ")} ${weight(bias[neuron])}${silent ? ". Silent: it says the same of every training point" : ""}`;
    this.dispatchEvent(new CustomEvent("look", { detail: { layer, neuron, map, text } }));
  }
}

const column = (head, members) => make("div.pg-column", {}, head, make("div.pg-members", {}, ...members));

/** Cut one row of numbers into the weights and biases of each layer. */
function split(values, widths) {
  let at = 0;
  const take = (n) => values.subarray(at, (at += n));
  return widths.slice(1).map((out, i) => ({
    matrix: Array.from({ length: out }, () => take(widths[i])),
    bias: take(out),
  }));
}
