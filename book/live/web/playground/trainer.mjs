// Keeps the worker at work: one slice of training after the other, never two at once.

import { Runner, Stopped } from "../runner.mjs";

const PICTURE = 0.033; // seconds from one picture to the next
const LEAST = 0.008; // seconds of training between two pictures, however long the rest takes
const ALL = 1e9;

const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
const visible = () =>
  new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });

/** Events: "scene" and "frame" with what Python says, "state", "problem" {reason}, "progress" {loaded, total, text}. */
export class Trainer extends EventTarget {
  #runner = new Runner({ packages: ["numpy", "dlcore"], folder: "book" });
  #wanted = null; // a set-up that Python does not have yet
  #single = 0; // steps asked for one by one
  #busy = false;
  #rest = 0.01; // seconds that describing and sending a picture takes
  playing = false;
  moving = false; // a slice is under way: what it reaches is not told yet
  slow = false;
  ready = false;

  constructor() {
    super();
    this.#runner.addEventListener("progress", (event) => this.#tell("progress", event.detail));
  }

  /** Start anew with other settings. */
  use(settings) {
    this.#wanted = structuredClone(settings);
    this.#single = 0;
    this.#pump();
  }

  play(on = true) {
    if (this.playing === on) return;
    this.playing = on;
    this.#tell("state");
    this.#pump();
  }

  step() {
    this.play(false);
    this.#single += 1;
    this.#pump();
  }

  /** The cell that does the same as a set-up in so many steps. */
  code(settings, steps) {
    return this.#runner.call("playground:code", settings, steps);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async #pump() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (await this.#turn());
    } catch (error) {
      if (!(error instanceof Stopped)) this.#problem(error);
    } finally {
      this.#busy = false;
    }
  }

  #problem(error) {
    this.play(false);
    this.#single = 0;
    this.#tell("problem", { reason: error.message.trim().split("\n").at(-1) });
  }

  /** Do the next thing that is asked for; say whether there was one. */
  async #turn() {
    if (this.#wanted) {
      const settings = this.#wanted;
      this.#wanted = null;
      const scene = await this.#runner.call("playground:start", settings);
      this.ready = true;
      if (!this.#wanted) this.#tell("scene", scene);
      return true;
    }
    if (!this.ready || !(this.playing || this.#single)) return false;
    await visible();
    if (this.slow && !this.#single) await painted();
    if (this.#wanted || !(this.playing || this.#single)) return true; // something else was asked for meanwhile
    const slice = Math.max(LEAST, PICTURE - this.#rest);
    const [seconds, most] = this.#single ? [1, this.#single] : [slice, this.slow ? 1 : ALL];
    this.#single = 0;
    const began = performance.now();
    const frame = await this.#advance(seconds, most);
    const rest = (performance.now() - began) / 1000 - slice;
    if (most === ALL) this.#rest = Math.max(0, 0.9 * this.#rest + 0.1 * rest);
    if (this.#wanted) return true;
    if (frame.broken) this.play(false);
    this.#tell("frame", frame);
    return true;
  }

  async #advance(seconds, most) {
    this.moving = true;
    try {
      return await this.#runner.call("playground:advance", seconds, most);
    } finally {
      this.moving = false;
    }
  }
}
