// Sliders, menus and boxes of an interact view. While Python draws, only the newest value waits, so
// the figure follows the hand and never lags behind it.

import { readNumber } from "./numerals.mjs";

const readable = (label) => label.replaceAll("_", " ");

/** Draw a view: its controls above what its function showed, which `show` draws. */
export function showView({ view, controls, outputs }, options, show) {
  const box = document.createElement("div");
  box.className = "live-view";
  const panel = document.createElement("div");
  panel.className = "live-controls";
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", "Controls");
  const area = document.createElement("div");
  area.className = "live-view-output";
  const draw = (shown) => show(area, shown, options);
  draw(outputs);
  const send = newestOnly(box, (name, value) => options.runner.set(view, name, value));
  panel.append(...controls.map((control) => drawn(control, (value) => send(control.name, value))));
  box.append(panel, area);
  if (options.runner) follow(options.runner, view, box, panel, draw);
  return box;
}

function follow(runner, view, box, panel, draw) {
  const over = new AbortController();
  runner.addEventListener(
    "view",
    ({ detail }) => {
      if (!box.isConnected) over.abort();
      else if (detail.view === view) draw(detail.outputs);
    },
    { signal: over.signal },
  );
  runner.addEventListener(
    "stopped",
    () => {
      panel.querySelectorAll("input, select").forEach((control) => (control.disabled = true));
      over.abort();
    },
    { signal: over.signal },
  );
}

function newestOnly(box, set) {
  const waiting = new Map();
  let busy = false;
  return async (name, value) => {
    waiting.set(name, value);
    if (busy) return;
    busy = true;
    box.setAttribute("aria-busy", "true");
    try {
      while (waiting.size) {
        const [next] = waiting;
        waiting.delete(next[0]);
        await set(...next);
      }
    } catch {
      waiting.clear(); // stopped: the controls are switched off
    } finally {
      busy = false;
      box.removeAttribute("aria-busy");
    }
  };
}

function drawn(control, send) {
  const line = document.createElement("label");
  line.className = `live-control ${control.kind}`;
  const name = document.createElement("span");
  name.textContent = readable(control.label);
  line.append(name, ...KINDS[control.kind](control, send));
  return line;
}

function element(tag, properties, onInput) {
  const made = Object.assign(document.createElement(tag), properties);
  made.addEventListener("input", () => onInput(made));
  return made;
}

function slider({ min, max, step, value }, show, send) {
  const shown = document.createElement("output");
  const tell = (input) => {
    shown.textContent = show(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const input = element("input", { type: "range", min, max, step }, (made) => {
    tell(made);
    send(Number(made.value));
  });
  input.value = value;
  tell(input);
  return [input, shown];
}

const decimals = (step) => (String(step).split(".")[1] ?? "").length;

const KINDS = {
  range: (control, send) =>
    slider(
      control,
      (x) => (control.base ? String(Number((control.base ** x).toPrecision(3))) : x.toFixed(decimals(control.step))),
      send,
    ),
  steps: ({ options, value }, send) =>
    slider({ min: 0, max: options.length - 1, step: 1, value }, (x) => options[x], send),
  select: ({ options, value }, send) => {
    const menu = element("select", {}, (made) => send(made.selectedIndex));
    menu.append(...options.map((label) => new Option(label)));
    menu.selectedIndex = value;
    return [menu];
  },
  check: ({ value }, send) => [element("input", { type: "checkbox", checked: value }, (made) => send(made.checked))],
  text: ({ value }, send) => [
    element("input", { type: "text", value, autocomplete: "off", autocapitalize: "off", spellcheck: false }, (made) =>
      send(made.value),
    ),
  ],
  number: ({ value }, send) => [
    element("input", { type: "text", inputMode: "decimal", value }, (made) => {
      const { code, note } = readNumber(made.value);
      made.setCustomValidity(code ? "" : note || "not a number");
      made.title = note;
      if (code) send(Number(code.replaceAll("_", "")));
    }),
  ],
};
