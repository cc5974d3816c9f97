// Loss over the steps, and the size of the gradient in each layer.

import { colours } from "./colours.mjs";
import { count, fitted } from "./dom.mjs";

const FONT = "12px 'Source Sans', sans-serif";
const KEPT = 1200; // points of a curve; when there are more, every second is dropped

/** Loss on the training and the test points. */
export class LossChart {
  #canvas;
  #rows = []; // [step, train, test]

  constructor(canvas) {
    this.#canvas = canvas;
  }

  clear() {
    this.#rows = [];
  }

  add({ steps, loss }) {
    if (this.#rows.at(-1)?.[0] === steps) this.#rows.pop();
    this.#rows.push([steps, ...loss]);
    if (this.#rows.length > KEPT) this.#rows = this.#rows.filter((_, i, all) => i % 2 === 0 || i === all.length - 1);
  }

  draw() {
    const { context, width, height } = fitted(this.#canvas);
    if (!width) return;
    const scheme = colours();
    context.clearRect(0, 0, width, height);
    const box = { left: 34, right: width - 82, top: 8, bottom: height - 22 };
    const steps = nice(Math.max(100, this.#rows.at(-1)?.[0] ?? 0));
    const values = this.#rows.flatMap((row) => row.slice(1)).filter((v) => v != null);
    const top = nice(Math.min(Math.max(0.1, ...values), 1e6));
    const x = (step) => box.left + ((box.right - box.left) * step) / steps;
    const y = (loss) => box.bottom - ((box.bottom - box.top) * Math.min(loss, top)) / top;
    context.font = FONT;
    context.fillStyle = scheme.muted;
    for (const share of [0, 0.5, 1]) {
      context.fillStyle = scheme.line;
      context.fillRect(box.left, Math.round(y(top * share)), box.right - box.left, 1);
      context.fillStyle = scheme.muted;
      context.textAlign = "right";
      context.fillText(short(top * share), box.left - 5, y(top * share) + 4);
      context.textAlign = share === 1 ? "right" : share ? "center" : "left";
      context.fillText(count(steps * share) + (share === 1 ? " steps" : ""), x(steps * share), height - 6);
    }
    const ends = [2, 1].map((column) => {
      context.strokeStyle = column === 2 ? scheme.test : scheme.train;
      context.setLineDash(column === 2 ? [5, 3] : []);
      context.lineWidth = 1.8;
      context.beginPath();
      for (const row of this.#rows) if (row[column] != null) context.lineTo(x(row[0]), y(row[column]));
      context.stroke();
      const last = this.#rows.findLast((row) => row[column] != null);
      return last && { at: y(last[column]) + 4, x: x(last[0]), value: last[column], column };
    });
    context.setLineDash([]);
    this.#label(context, ends.filter(Boolean), scheme, box);
  }

  #label(context, ends, scheme, box) {
    if (ends.length === 2 && Math.abs(ends[0].at - ends[1].at) < 14) {
      const middle = (ends[0].at + ends[1].at) / 2;
      const [low, high] = ends[0].at >= ends[1].at ? ends : [ends[1], ends[0]];
      Object.assign(low, { at: middle + 7 });
      Object.assign(high, { at: middle - 7 });
      const over = Math.max(0, low.at - box.bottom - 3);
      low.at -= over;
      high.at -= over;
    }
    context.textAlign = "left";
    for (const { at, x, value, column } of ends) {
      context.fillStyle = column === 2 ? scheme.test : scheme.train;
      context.fillText(`${column === 2 ? "test" : "train"} ${short(value)}`, x + 6, at);
    }
  }
}

const LOW = -7;
const HIGH = 1;

/** Root mean square of the gradient of each layer's weights, on a logarithmic scale. */
export function drawGradients(canvas, gradients) {
  const { context, width, height } = fitted(canvas);
  if (!width) return;
  const scheme = colours();
  context.clearRect(0, 0, width, height);
  const box = { left: 56, right: width - 48, top: 6, bottom: height - 22 };
  const x = (power) => box.left + ((box.right - box.left) * (power - LOW)) / (HIGH - LOW);
  context.font = FONT;
  context.textAlign = "center";
  for (let power = -6; power <= 0; power += 2) {
    context.fillStyle = scheme.line;
    context.fillRect(Math.round(x(power)), box.top, 1, box.bottom - box.top);
    context.fillStyle = scheme.muted;
    context.fillText(power ? `10${superscript(power)}` : "1", x(power), height - 6);
  }
  const row = (box.bottom - box.top) / Math.max(gradients.length, 3);
  gradients.forEach((size, i) => {
    const middle = box.top + (i + 0.5) * row;
    const power = size > 0 ? Math.min(HIGH, Math.max(LOW, Math.log10(size))) : LOW;
    context.fillStyle = scheme.muted;
    context.fillRect(box.left, middle - 3, Math.max(x(power) - box.left, 1), 6);
    context.fillStyle = scheme.ink;
    context.textAlign = "right";
    context.fillText(i === gradients.length - 1 ? "output" : `layer ${i + 1}`, box.left - 6, middle + 4);
    context.textAlign = "left";
    context.fillText(size == null ? "∞" : size ? scientific(size) : "0", x(power) + 5, middle + 4);
  });
}

const superscript = (n) => String(n).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);

function scientific(value) {
  if (value >= 0.01 && value < 100) return value.toPrecision(2);
  const [digits, power] = value.toExponential(0).split("e");
  return `${digits}·10${superscript(Number(power))}`;
}

function short(value) {
  if (value === 0) return "0";
  if (value >= 1000) return scientific(value);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 0.0995 ? value.toFixed(2) : value.toFixed(3);
}

/** The next number of the form 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 0.9999);
}
