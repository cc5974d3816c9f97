// The page's end of the worker. A Runner owns one worker, started on first use; every promise it
// gives is settled, also when the worker is stopped or cannot start.

export class Stopped extends Error {
  constructor(message = "stopped") {
    super(message);
    this.name = "Stopped";
  }
}

const root = new URL("./", import.meta.url);

/** A script for a worker that is bound by the page's policy: only one made of a blob takes that over. */
function bound(script) {
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(script.href)};`], { type: "text/javascript" }));
}
let configuration;

/** What the site offers: runtime, packages, data files. Fetched once a page. */
export function siteConfig() {
  const away = () => {
    throw new Error("the site cannot be reached from here");
  };
  configuration ??= fetch(new URL("config.json", root)).catch(away).then((response) => {
    if (!response.ok) throw new Error(`config.json: ${response.status} ${response.statusText}`);
    return response.json();
  });
  configuration.catch(() => (configuration = undefined));
  return configuration;
}

const PATIENCE = 4; // seconds of fetching after which a reader wants to know how long it will take

/** What to say of a start: how much has come and, on a slow line, how long the rest will take. */
export function told(loaded, total, seconds) {
  if (loaded >= total) return "Starting Python";
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const amount = `Fetching Python: ${megabytes(loaded)} of ${megabytes(total)} MB`;
  if (!loaded || seconds < PATIENCE) return amount;
  const left = (seconds * (total - loaded)) / loaded;
  return left < 100 ? `${amount}, about ${Math.ceil(left / 5) * 5} s left` : `${amount}, about ${Math.ceil(left / 60)} min left`;
}

/**
 * Events: "state" (off, starting, ready, busy), "progress" {loaded, total, text} with bytes and what to
 * say of them, "stopped" {reason}, "view" {view, outputs}.
 */
export class Runner extends EventTarget {
  #worker = null;
  #ready = null;
  #waiting = new Map(); // id -> {resolve, reject, onOutput, onStart}
  #next = 0;
  #began = 0; // milliseconds, when the worker was started
  #settings;
  state = "off";
  python = "";

  /** packages: loaded at the start; folder, files: where the cells believe to be, and what lies there. */
  constructor({ packages = ["numpy", "dlcore"], folder = "chapters", files = [] } = {}) {
    super();
    this.#settings = { packages, folder, files };
  }

  get started() {
    return this.#worker !== null;
  }

  /** Start the worker, if it is not running; resolves when Python is ready. */
  start() {
    this.#ready ??= this.#boot();
    return this.#ready;
  }

  /** Run code. Resolves to {status: "ok" | "error", outputs, seconds, trouble}; the last names a file that did not come. */
  async run(code, { name = "code", space = "page", fresh = false, answers = [], onOutput, onStart, onWorking } = {}) {
    const outputs = [];
    const take = (output) => {
      addOutput(outputs, output);
      onOutput?.(output, outputs);
    };
    const done = await this.#ask({ type: "run", code, name, space, fresh, answers }, { onOutput: take, onStart, onWorking });
    return { ...done, outputs };
  }

  /** Which names the code lacks, and which of the cells above ({id, code}) make them. */
  missing(code, above, space = "page") {
    return this.#ask({ type: "missing", code, above, space });
  }

  /** Call a Python function "module:function" with arguments that JSON can hold. */
  call(target, ...args) {
    return this.#ask({ type: "call", target, args });
  }

  /** Give a control of an interact view a new value. The new outputs come as the event "view". */
  set(view, name, value) {
    return this.#ask({ type: "set", view, name, value });
  }

  /** End the worker and all it held. What waits is rejected with Stopped. */
  stop(reason = "stopped") {
    if (!this.#worker) return;
    this.#worker.terminate();
    this.#worker = null;
    this.#ready = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#become("off");
    waiting.forEach(({ reject }) => reject(new Stopped(reason)));
    this.dispatchEvent(new CustomEvent("stopped", { detail: { reason } }));
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
  }

  async #boot() {
    this.#become("starting");
    this.#began = performance.now();
    const worker = new Worker(bound(new URL("worker.mjs", root)), { type: "module" });
    this.#worker = worker;
    const ready = new Promise((resolve, reject) => this.#waiting.set("start", { resolve, reject }));
    worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#fail(event.message || "the worker could not be loaded");
    };
    try {
      const config = await siteConfig();
      if (this.#worker !== worker) throw new Stopped();
      const sharp = (globalThis.devicePixelRatio ?? 1) > 1;
      worker.postMessage({ type: "start", root: root.href, config, sharp, ...this.#settings });
    } catch (error) {
      if (this.#worker === worker) this.#fail(String(error.message ?? error));
    }
    return ready;
  }

  #fail(reason, what = "could not be started") {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = null;
    this.#become("off");
    waiting.forEach(({ reject }) => reject(new Error(`Python ${what}: ${reason}`)));
  }

  /** Python has ended by itself, with all that it held. */
  #die(reason) {
    this.#fail(reason, "has ended; run the cells again from the top");
    this.dispatchEvent(new CustomEvent("stopped", { detail: { reason } }));
  }

  async #ask(message, handlers = {}) {
    await this.start();
    const id = String(++this.#next);
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, ...handlers }));
    this.#worker.postMessage({ ...message, id });
    this.#become("busy");
    return answer;
  }

  #tellProgress({ loaded, total }) {
    const text = told(loaded, total, (performance.now() - this.#began) / 1000);
    this.dispatchEvent(new CustomEvent("progress", { detail: { loaded, total, text } }));
  }

  #receive(message) {
    const { type, id } = message;
    const waiting = this.#waiting.get(type === "ready" || type === "failed" ? "start" : id);
    if (type === "output") waiting?.onOutput?.(message.output);
    else if (type === "running") waiting?.onStart?.();
    else if (type === "working") waiting?.onWorking?.(message.text);
    else if (type === "progress") this.#tellProgress(message);
    else if (type === "view") this.dispatchEvent(new CustomEvent("view", { detail: message }));
    else if (type === "failed") this.#fail(message.reason);
    else if (type === "died") this.#die(message.reason);
    else {
      this.#waiting.delete(type === "ready" ? "start" : id);
      if (type === "ready") this.python = message.python;
      if (this.#waiting.size === 0) this.#become("ready");
      if (type === "ready") waiting?.resolve();
      else if (type === "done") waiting?.resolve({ status: message.status, seconds: message.seconds, trouble: message.trouble });
      else if (type === "answer") waiting?.resolve(message.value);
      else if (type === "broken") waiting?.reject(new Error(message.reason));
    }
  }
}

/** Add an output to a list: what is printed joins one stream, and clear_output empties the list, at once or at the next. */
export function addOutput(outputs, output) {
  if (outputs.cleared) outputs.length = 0;
  outputs.cleared = output.output_type === "clear_output" && output.wait;
  if (output.output_type === "clear_output") {
    if (!output.wait) outputs.length = 0;
    return;
  }
  const last = outputs.at(-1);
  if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
    last.text += output.text;
  } else outputs.push({ ...output });
}
