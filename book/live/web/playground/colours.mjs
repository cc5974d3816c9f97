// The colours of the book's figures: blue for class 0 and minus, vermillion for class 1 and plus.

const BLUE = [0, 114, 178];
const VERMILLION = [213, 94, 0];

const LIGHT = {
  ground: [255, 255, 255], ink: "#1d2125", muted: "#57606a", line: "#dcdfe3",
  class0: "#005a8f", class1: "#a34700", train: "#1d2125", test: "#00795a", edge0: "#0072b2", edge1: "#d55e00",
};
const DARK = {
  ground: [19, 22, 25], ink: "#dde1e5", muted: "#9aa4ae", line: "#2b3036",
  class0: "#7cc4f2", class1: "#ffab70", train: "#dde1e5", test: "#3cc79c", edge0: "#4ea3d8", edge1: "#f08a3c",
};

let cache;

/** The colours of the present scheme; `ramp(strength)` maps a byte -127…127 to a pixel. */
export function colours() {
  const dark = document.documentElement.dataset.theme === "dark";
  if (cache?.dark !== dark) {
    const scheme = dark ? DARK : LIGHT;
    cache = { ...scheme, dark, surface: ramp(scheme.ground, dark ? 0.6 : 0.5), map: ramp(scheme.ground, 0.9) };
  }
  return cache;
}

function ramp(ground, strength) {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const value = ((byte << 24) >> 24) / 127;
    const hue = value < 0 ? BLUE : VERMILLION;
    const share = strength * Math.min(1, Math.abs(value));
    const [r, g, b] = ground.map((c, i) => Math.round(c + (hue[i] - c) * share));
    table[byte] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

/** Paint a square grid of int8 values into a canvas of as many pixels. */
export function paint(canvas, values, table) {
  const side = Math.round(Math.sqrt(values.length));
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  const picture = context.createImageData(side, side);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < values.length; i++) pixels[i] = table[values[i] & 255];
  context.putImageData(picture, 0, 0);
}
