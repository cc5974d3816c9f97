// Small helpers: make an element, size a canvas, decode bytes.

/** Make an element: make("button.quiet", {type: "button"}, "text", child, …). */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Give a canvas as many pixels as it covers; return its context in CSS pixels, and its size. */
export function fitted(canvas) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

export function bytes(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

export const signed = (text) => new Int8Array(bytes(text).buffer);
export const floats = (text) => new Float32Array(bytes(text).buffer);

export const percent = (value) => `${(100 * value).toFixed(1)} %`;
export const count = (value) => Math.round(value).toLocaleString("en-GB");
export const weight = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
