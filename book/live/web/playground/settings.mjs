// What can be set, in which steps, and how a set-up is written into a link.

export const FEATURES = {
  x1: "x₁", x2: "x₂", x1x1: "x₁²", x2x2: "x₂²", x1x2: "x₁x₂", sinx1: "sin x₁", sinx2: "sin x₂",
};

export const CHOICES = {
  data: { circles: "Circles", xor: "XOR", moons: "Moons", spirals: "Spirals", gaussians: "Gaussians", own: "Draw" },
  activation: { tanh: "tanh", relu: "ReLU", leaky: "leaky ReLU", silu: "SiLU", sigmoid: "sigmoid", linear: "none (linear)" },
  init: { default: "uniform ±1/√n", glorot: "Glorot", he: "He", large: "normal, σ = 3", zeros: "all zeros" },
  loss: { bce: "cross-entropy", mse: "squared error", huber: "Huber" },
  optimizer: {
    adam: "Adam", adamw: "AdamW", sgd: "SGD", momentum: "SGD, momentum 0.9", rmsprop: "RMSprop", adagrad: "AdaGrad", lion: "Lion",
  },
  schedule: {
    constant: "constant", step: "halved every 500", exponential: "× 0.999 a step", inverse: "inverse time",
    cosine: "cosine, restarts", warmup: "warm-up over 300",
  },
  penalty: { none: "none", l1: "L1", l2: "L2" },
};

export const NUMBERS = {
  lr: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  strength: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
  dropout: [0, 0.1, 0.2, 0.3, 0.5],
  batch: [1, 4, 8, 16, 32, 64, 400],
};

export const RANGES = {
  noise: { low: 0, high: 1, step: 0.05 },
  train: { low: 10, high: 90, step: 10 },
  seed: { low: 0, high: 99999, step: 1 },
};

export const MOST = { layers: 5, width: 8, points: 300 };

export const DEFAULTS = Object.freeze({
  data: "circles", noise: 0, train: 50, seed: 1,
  features: ["x1", "x2"], layers: [8, 4], activation: "tanh", init: "default", dropout: 0,
  loss: "bce", optimizer: "adam", lr: 0.01, schedule: "constant", batch: 16,
  penalty: "none", strength: 0.001, points: "",
});

const READ = {
  features(text) {
    const names = Object.keys(FEATURES).filter((name) => text.split(" ").includes(name));
    return names.length ? names : undefined;
  },
  layers(text) {
    const widths = text.split("-").filter(Boolean).map(Number);
    const good = widths.length <= MOST.layers && widths.every((w) => Number.isInteger(w) && w >= 1 && w <= MOST.width);
    return good ? widths : undefined;
  },
  points: (text) => (/^[\w-]*$/.test(text) && text.length <= Math.ceil((MOST.points * 8) / 3) ? text : undefined),
};

function read(name, text) {
  if (name in READ) return READ[name](text);
  if (name in CHOICES) return Object.hasOwn(CHOICES[name], text) ? text : undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (name in NUMBERS) return NUMBERS[name].includes(value) ? value : undefined;
  const { low, high, step } = RANGES[name];
  const near = Number((Math.round(value / step) * step).toFixed(2));
  return near >= low && near <= high ? near : undefined;
}

/** Write a set-up as the part of a link after "#". */
export function toHash(settings) {
  const parts = Object.keys(DEFAULTS)
    .filter((name) => name !== "points" || settings.data === "own")
    .map((name) => [name, write(name, settings[name])]);
  return new URLSearchParams(parts).toString();
}

const write = (name, value) => (Array.isArray(value) ? value.join(name === "layers" ? "-" : " ") : String(value));

/** Read a set-up; what is missing or makes no sense has its first value. */
export function fromHash(hash) {
  const settings = structuredClone(DEFAULTS);
  for (const [name, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const value = Object.hasOwn(DEFAULTS, name) ? read(name, text) : undefined;
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

/** Points [x1, x2, class] as text: two bytes each, places in steps of 0.05, in URL-safe base64. */
export function packPoints(points) {
  const place = (value) => Math.min(120, Math.max(0, Math.round((value + 3) * 20)));
  const bytes = points.flatMap(([x1, x2, y]) => [place(x1), place(x2) | (y << 7)]);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function unpackPoints(text) {
  let bytes;
  try {
    bytes = [...atob(text.replaceAll("-", "+").replaceAll("_", "/"))].map((c) => c.charCodeAt(0));
  } catch {
    return [];
  }
  const points = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    points.push([bytes[i] / 20 - 3, (bytes[i + 1] & 127) / 20 - 3, bytes[i + 1] >> 7]);
  }
  return points;
}
