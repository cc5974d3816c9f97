// The square from -3 to 3: what the network says of each place, and the points. Points can be drawn.

import { colours, paint } from "./colours.mjs";
import { fitted } from "./dom.mjs";

const HALF = 3;
const LEFT = 26;
const BOTTOM = 24;
const EDGE = 8;

export class Plane extends EventTarget {
  #canvas;
  #pixels = document.createElement("canvas");
  #dots = document.createElement("canvas");
  #values = null;
  #points = [];
  #training = 0;
  #cursor = [0, 0];
  #stroke = null;
  drawing = false; // whether points can be placed
  pen = 0; // their class

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#stroke && this.#paint(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.#stroke = null));
    canvas.addEventListener("keydown", (event) => this.drawing && this.#key(event));
    canvas.addEventListener("focus", () => this.draw());
    canvas.addEventListener("blur", () => this.draw());
  }

  /** points: [x1, x2, class]; the first `training` of them are learnt from. */
  setPoints(points, training) {
    this.#points = points;
    this.#training = training;
    this.#drawDots();
  }

  setValues(values) {
    this.#values = values;
  }

  refresh() {
    this.#drawDots();
    this.draw();
  }

  get #frame() {
    const { clientWidth, clientHeight } = this.#canvas;
    const side = Math.min(clientWidth - LEFT - EDGE, clientHeight - BOTTOM - EDGE);
    return { x: LEFT, y: EDGE, side, scale: side / (2 * HALF) };
  }

  #place([x1, x2], { x, y, scale } = this.#frame) {
    return [x + (x1 + HALF) * scale, y + (HALF - x2) * scale];
  }

  draw() {
    const { context, width, height } = fitted(this.#canvas);
    if (!width) return;
    const [frame, scheme] = [this.#frame, colours()];
    context.clearRect(0, 0, width, height);
    if (this.#values) this.#drawSurface(context, frame, scheme);
    this.#drawAxes(context, frame, scheme);
    if (this.#dots.width) context.drawImage(this.#dots, 0, 0, width, height);
    if (this.drawing && document.activeElement === this.#canvas) this.#drawCursor(context, scheme);
  }

  #drawSurface(context, { x, y, side }, scheme) {
    paint(this.#pixels, this.#values, scheme.surface);
    const n = this.#pixels.width;
    const cell = side / (n - 1); // values lie on the corners of the cells
    context.save();
    context.beginPath();
    context.rect(x, y, side, side);
    context.clip();
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#pixels, x - cell / 2, y - cell / 2, side + cell, side + cell);
    this.#drawBorder(context, n, x, y, cell, scheme.ink);
    context.restore();
  }

  /** The line between the classes: where the values cross zero. */
  #drawBorder(context, n, x, y, cell, ink) {
    const v = this.#values;
    context.beginPath();
    for (let row = 0; row < n - 1; row++) {
      for (let column = 0; column < n - 1; column++) {
        const i = row * n + column;
        const [a, b, c, d] = [v[i], v[i + 1], v[i + n + 1], v[i + n]]; // clockwise
        const cuts = [];
        if (a > 0 !== b > 0) cuts.push([column + a / (a - b), row]);
        if (b > 0 !== c > 0) cuts.push([column + 1, row + b / (b - c)]);
        if (c > 0 !== d > 0) cuts.push([column + d / (d - c), row + 1]);
        if (d > 0 !== a > 0) cuts.push([column, row + a / (a - d)]);
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          context.moveTo(x + cuts[k][0] * cell, y + cuts[k][1] * cell);
          context.lineTo(x + cuts[k + 1][0] * cell, y + cuts[k + 1][1] * cell);
        }
      }
    }
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.stroke();
  }

  #drawAxes(context, frame, scheme) {
    const { x, y, side } = frame;
    context.strokeStyle = scheme.muted;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    context.fillStyle = scheme.muted;
    context.font = "12px 'Source Sans', sans-serif";
    for (const tick of [-2, 0, 2]) {
      const [across, down] = this.#place([tick, tick], frame);
      const text = String(tick).replace("-", "−");
      context.textAlign = "center";
      context.fillText(text, across, y + side + 15);
      context.fillRect(across, y + side, 1, 4);
      context.textAlign = "right";
      context.fillText(text, x - 6, down + 4);
      context.fillRect(x - 4, down, 4, 1);
    }
    context.fillStyle = scheme.ink;
    context.font = "italic 14px 'Source Serif', serif";
    context.textAlign = "right";
    context.fillText("x₁", x + side, y + side + 16);
    context.fillText("x₂", x - 5, y + 13);
  }

  #drawDots() {
    const { width, height } = fitted(this.#canvas);
    if (!width) return;
    const ratio = this.#canvas.width / width;
    Object.assign(this.#dots, { width: this.#canvas.width, height: this.#canvas.height });
    const context = this.#dots.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [frame, scheme] = [this.#frame, colours()];
    context.beginPath();
    context.rect(frame.x - 4, frame.y - 4, frame.side + 8, frame.side + 8);
    context.clip();
    const ground = `rgb(${scheme.ground})`;
    this.#points.forEach(([x1, x2, y], i) => {
      const [across, down] = this.#place([x1, x2], frame);
      const own = y ? scheme.class1 : scheme.class0;
      const learnt = i < this.#training;
      shape(context, across, down, y, 3.6);
      context.fillStyle = learnt ? own : ground;
      context.strokeStyle = learnt ? ground : own;
      context.lineWidth = learnt ? 1 : 1.3;
      context.stroke();
      context.fill();
    });
  }

  #drawCursor(context, scheme) {
    const [x, y] = this.#place(this.#cursor);
    context.strokeStyle = scheme.ink;
    context.lineWidth = 2;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 5 * dx, y + 5 * dy);
      context.lineTo(x + 13 * dx, y + 13 * dy);
    }
    context.stroke();
  }

  #down(event) {
    if (!this.drawing) return;
    this.#canvas.setPointerCapture?.(event.pointerId);
    this.#paint(event);
  }

  #paint(event) {
    const { x, y, scale } = this.#frame;
    const at = [(event.offsetX - x) / scale - HALF, HALF - (event.offsetY - y) / scale];
    const last = this.#stroke;
    if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < 0.22) return;
    this.#stroke = at;
    this.#cursor = at.map(inside);
    if (at.every((value) => Math.abs(value) <= HALF)) this.#add(at);
  }

  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.key in moves) {
      const far = event.shiftKey ? 1 : 0.2;
      this.#cursor = this.#cursor.map((value, i) => inside(value + far * moves[event.key][i]));
      const [a, b] = this.#cursor.map((value) => value.toFixed(1).replace("-", "−"));
      this.dispatchEvent(new CustomEvent("moved", { detail: `x₁ ${a}, x₂ ${b}` }));
      this.draw();
    } else if (event.key === "Enter" || event.key === " ") this.#add(this.#cursor);
    else if (event.key === "Backspace" || event.key === "Delete") this.dispatchEvent(new CustomEvent("undo"));
    else if (event.key === "0" || event.key === "1") this.dispatchEvent(new CustomEvent("pen", { detail: Number(event.key) }));
    else return;
    event.preventDefault();
  }

  #add([x1, x2]) {
    this.dispatchEvent(new CustomEvent("add", { detail: [x1, x2, this.pen] }));
  }
}

const inside = (value) => Math.min(HALF, Math.max(-HALF, Math.round(value * 20) / 20));

/** Trace the mark of a class: a disc for 0, a triangle for 1. */
export function shape(context, x, y, kind, r) {
  context.beginPath();
  if (kind === 0) context.arc(x, y, r, 0, 7);
  else {
    context.moveTo(x, y - 1.35 * r);
    context.lineTo(x + 1.25 * r, y + 0.85 * r);
    context.lineTo(x - 1.25 * r, y + 0.85 * r);
    context.closePath();
  }
}
