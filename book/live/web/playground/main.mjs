// The playground: puts its parts together, and keeps set-up, page and link the same.

import { highlight } from "../highlight.mjs";
import { Controls, mark } from "./controls.mjs";
import { drawGradients, LossChart } from "./charts.mjs";
import { count, floats, make, percent, signed } from "./dom.mjs";
import { Network } from "./network.mjs";
import { Plane } from "./plane.mjs";
import { fromHash, MOST, packPoints, toHash, unpackPoints } from "./settings.mjs";
import { Trainer } from "./trainer.mjs";

const root = document.getElementById("pg");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const trainer = new Trainer();
const controls = new Controls(part("settings"));
const network = new Network(part("network"), part("layers"));
const plane = new Plane(part("plane"));
const losses = new LossChart(part("losses"));
const drawn = { shape: null, frame: null, asked: false, at: 0, values: null };
let settings = fromHash(location.hash);
let told95 = false;

const say = (text, wrong = false, busy = false) => {
  part("status").setAttribute("aria-busy", String(busy)); // then it is shown, and not read aloud
  part("status").textContent = text;
  part("status").classList.toggle("wrong", wrong);
};

// Settings ------------------------------------------------------------------------------------

function become(next) {
  settings = next;
  history.replaceState(null, "", `#${toHash(settings)}`);
  begin();
}

function change(values) {
  if (values.features?.length === 0) return say("A network needs at least one input.");
  part("note").hidden = true;
  become({ ...settings, ...values });
}

/** Start anew from the seed. */
function begin() {
  controls.show(settings);
  const shape = [settings.features, settings.layers].join(" / ");
  if (shape !== drawn.shape) {
    Object.assign(drawn, { shape, frame: null });
    network.build(settings);
  }
  plane.drawing = settings.data === "own";
  describePlane();
  part("size").textContent = `${count(parameters())} numbers to learn`;
  if (!enough()) return wait(unpackPoints(settings.points));
  trainer.use(settings);
}

const enough = () => settings.data !== "own" || unpackPoints(settings.points).length >= 4;

/** Four points must be drawn before there is something to learn. */
function wait(mine) {
  trainer.play(false);
  losses.clear();
  plane.setValues((drawn.values = null));
  plane.setPoints(mine, mine.length);
  drawn.frame = null;
  showNumbers(null);
  root.dataset.state = "paused";
  say(`Draw at least four points in the square: ${mine.length} so far. Click, drag or tap; with the keyboard, arrows move and Enter places.`);
  draw();
}

function parameters() {
  const widths = [settings.features.length, ...settings.layers, 1];
  return widths.slice(1).reduce((sum, out, i) => sum + out * (widths[i] + 1), 0);
}

function edit(points) {
  change({ points: packPoints(points.slice(0, MOST.points)) });
}

// What Python says ------------------------------------------------------------------------------

trainer.addEventListener("scene", ({ detail }) => {
  told95 = false;
  losses.clear();
  const places = floats(detail.points);
  plane.setPoints(detail.labels.map((y, i) => [places[2 * i], places[2 * i + 1], y]), detail.training);
  take(detail);
  root.dataset.state = trainer.playing ? "playing" : "ready";
  if (!trainer.playing) say(`Ready: ${count(detail.training)} points to train on, ${count(detail.labels.length - detail.training)} to test on.`);
});

trainer.addEventListener("frame", ({ detail }) => {
  if (!enough()) return; // of the points that were taken away
  take(detail);
  if (detail.broken) {
    root.dataset.state = "paused";
    say(`After ${count(detail.steps)} steps a weight is no longer a number: the steps were too large. Lower the learning rate.`, true);
  } else if (!trainer.playing) rest();
  else if (!told95 && detail.accuracy[1] >= 0.95) {
    told95 = true;
    say(`${percent(detail.accuracy[1])} of the test points are right after ${count(detail.steps)} steps.`);
  }
});

trainer.addEventListener("state", () => {
  const { playing } = trainer;
  part("play").textContent = playing ? "Pause" : "Play";
  part("play").classList.toggle("pause", playing);
  if (!playing && !trainer.moving) return rest();
  root.dataset.state = playing ? "playing" : "pausing";
  if (playing && trainer.ready) say("Training.");
});

/** Say "paused" when nothing moves any more, with the numbers of the last step on the page. */
function rest() {
  root.dataset.state = "paused";
  if (!drawn.frame || drawn.frame.broken) return;
  draw();
  report();
}

trainer.addEventListener("progress", ({ detail: { text } }) => {
  if (!trainer.ready) say(text, false, true);
});

trainer.addEventListener("problem", ({ detail }) => say(detail.reason, true));

function take(frame) {
  drawn.frame = frame;
  drawn.values = signed(frame.surface);
  losses.add(frame);
  ask();
}

function report() {
  const { steps, accuracy } = drawn.frame;
  if (steps) say(`After ${count(steps)} steps: ${percent(accuracy[1])} of the test points right, ${percent(accuracy[0])} of the training points.`);
}

// Drawing ---------------------------------------------------------------------------------------

/** Draw the newest frame with the next picture of the screen; seldom, where motion is not wanted. */
function ask() {
  if (drawn.asked) return;
  drawn.asked = true;
  const rest = calm.matches ? drawn.at + 400 - performance.now() : 0;
  setTimeout(() => requestAnimationFrame(draw), Math.max(0, rest));
}

function draw() {
  drawn.asked = false;
  drawn.at = performance.now();
  const { frame } = drawn;
  if (frame) {
    network.setFrame(frame);
    showNumbers(frame);
    drawGradients(part("gradients"), frame.gradients);
    root.dataset.pictures = String(Number(root.dataset.pictures ?? 0) + 1);
  }
  if (!looking) plane.setValues(drawn.values);
  plane.draw();
  losses.draw();
}

function showNumbers(frame) {
  const show = (name, text) => (part(name).textContent = text);
  show("steps", frame ? count(frame.steps) : "0");
  show("epochs", frame ? frame.epoch.toFixed(1) : "0.0");
  show("rate", frame ? Number(frame.lr.toPrecision(3)) : "–");
  show("test", frame ? percent(frame.accuracy[1]) : "–");
  show("train", frame ? percent(frame.accuracy[0]) : "–");
  const silent = frame ? frame.silent.flat().length : 0;
  show("silent", silent ? `${silent} silent: the same output for every training point` : "");
}

let looking = false;
network.addEventListener("look", ({ detail }) => {
  looking = detail !== null;
  plane.setValues(looking ? detail.map : drawn.values);
  part("title").textContent = looking ? `Layer ${detail.layer + 1}, neuron ${detail.neuron + 1}` : "What the network says";
  part("neuron").textContent = looking ? detail.text : "Point at a neuron, or move to it with Tab, to see its map and its weights.";
  plane.draw();
});

function describePlane() {
  const canvas = part("plane");
  canvas.tabIndex = plane.drawing ? 0 : -1;
  canvas.classList.toggle("drawing", plane.drawing);
  canvas.setAttribute("role", plane.drawing ? "application" : "img");
  canvas.setAttribute("aria-label", plane.drawing
    ? "Square to draw in: arrow keys move the cross, with Shift in large steps; Enter places a point, Backspace takes the last one back, 0 and 1 choose the class"
    : `The square from −3 to 3 with the points of ${settings.data}, coloured by what the network says of each place`);
}

// Operating it ------------------------------------------------------------------------------------

part("play").addEventListener("click", () => {
  if (!enough()) return begin();
  if (drawn.frame?.broken) begin();
  trainer.play(!trainer.playing);
  if (!trainer.ready && trainer.playing) say("Python is on its way; training starts when it is here.");
});
part("step").addEventListener("click", () => (enough() ? trainer.step() : begin()));
part("reset").addEventListener("click", () => {
  trainer.play(false);
  begin();
});
part("slow").addEventListener("change", (event) => (trainer.slow = event.target.checked));
trainer.slow = part("slow").checked; // a browser may put it back after a reload
controls.addEventListener("change", ({ detail }) => change(detail));
controls.addEventListener("pen", ({ detail }) => (plane.pen = detail));
controls.addEventListener("undo", () => edit(unpackPoints(settings.points).slice(0, -1)));
controls.addEventListener("clear", () => edit([]));
network.addEventListener("change", ({ detail }) => change(detail));
plane.addEventListener("add", ({ detail }) => edit([...unpackPoints(settings.points), detail]));
plane.addEventListener("undo", () => edit(unpackPoints(settings.points).slice(0, -1)));
plane.addEventListener("moved", ({ detail }) => say(detail));
plane.addEventListener("pen", ({ detail }) => {
  plane.pen = detail;
  controls.setPen(detail);
  say(`Class ${detail}`);
});
addEventListener("hashchange", () => {
  const next = fromHash(location.hash);
  if (toHash(next) !== toHash(settings)) become(next);
});

part("share").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link to this set-up is copied.");
  } catch {
    say("This browser does not let the page copy: take the link from the address bar.");
  }
});

// Escape closes the dialog, whatever else on the page listens for it.
document.getElementById("pg-code").addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.currentTarget.close();
});

part("code").addEventListener("click", async () => {
  if (!enough()) return begin();
  const dialog = document.getElementById("pg-code");
  const text = dialog.querySelector("code");
  const copy = dialog.querySelector("[data-part=copy]");
  copy.disabled = true;
  text.textContent = trainer.ready ? "…" : "# Python is on its way, and writes the cell when it is here.";
  dialog.showModal();
  const steps = drawn.frame?.steps || 1000;
  const code = await trainer.code(settings, steps).catch((error) => `# ${error.message}`);
  text.innerHTML = highlight(code);
  copy.disabled = false;
  copy.onclick = async ({ target }) => {
    try {
      await navigator.clipboard.writeText(code);
      target.textContent = "Copied";
    } catch {
      target.textContent = "Select and copy it"; // not allowed; or no clipboard at all, as on http from another machine
    }
    setTimeout(() => (target.textContent = "Copy"), 2000);
  };
});

// What to try -------------------------------------------------------------------------------------

for (const button of document.querySelectorAll("button[data-setup]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    root.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    tryOut(button);
  });
  part("tries").append(make("button.pg-chip", { type: "button", onclick: () => tryOut(button) }, button.dataset.short));
}

function tryOut(button) {
  become(fromHash(button.dataset.setup));
  part("note").textContent = button.dataset.note;
  part("note").hidden = false;
  trainer.play(true);
}

// First of all --------------------------------------------------------------------------------------

for (const kind of [0, 1]) part(`class${kind}`).prepend(mark(kind));
new MutationObserver(() => {
  network.refresh();
  plane.refresh();
  draw();
}).observe(document.documentElement, { attributeFilter: ["data-theme"] });
const resized = new ResizeObserver(() => {
  plane.refresh();
  draw();
});
for (const name of ["plane", "losses"]) resized.observe(part(name));
root.dataset.state = "starting";
become(settings);
