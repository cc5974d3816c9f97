// What the browser keeps of guesses, and what can be said of one.

import { readNumber } from "./numerals.mjs";
import { store, stored } from "./stored.mjs";

/** The guesses of a page by the first cell that is folded: {guess, shown, when}. */
export class Guesses {
  #key;
  #all;

  constructor(page) {
    this.#key = `guesses:${page}`;
    this.#all = stored(this.#key);
  }

  of(cell) {
    return this.#all[cell] ?? { guess: "", shown: false };
  }

  put(cell, entries) {
    this.#all[cell] = { ...this.of(cell), ...entries, when: new Date().toISOString() };
    store(this.#key, this.#all);
  }
}

/** The switch of the whole site that leaves nothing folded. */
export const allShown = {
  get on() {
    return localStorage.getItem("results") === "shown";
  },
  set on(on) {
    if (on) localStorage.setItem("results", "shown");
    else localStorage.removeItem("results");
  },
};

/** What a typed number is: {code, note}, as readNumber has it; the unit may be typed with it. */
export function readGuess({ unit }, guess) {
  const bare = guess.trim();
  return readNumber(unit && bare.endsWith(unit) ? bare.slice(0, -unit.length) : bare);
}

/** How a guess compares with the answer, in a sentence; "" where there is nothing to compare. */
export function verdict(asked, guess) {
  if (!guess || asked.kind === "text") return "";
  const is = `It is ${withUnit(asked.answer, asked)}`;
  if (asked.kind === "choice") return guess === asked.answer ? "Right." : `${is}.`;
  const { code } = readGuess(asked, guess);
  return code ? distance(Number(code.replaceAll("_", "")), asked, is) : `${is}.`;
}

export const withUnit = (text, { unit }) => (unit ? `${text} ${unit}` : text);

function distance(guess, { answer, value, unit }, is) {
  const decimals = answer.match(/\.(\d+)/)?.[1].length ?? 0;
  const off = Math.abs(guess - value);
  if (off < 0.5 * 10 ** -decimals || off < 1e-9 * Math.abs(value)) return "Right.";
  const times = guess / value;
  if (times >= 2) return `${is}; your guess is ${short(times)} times that.`;
  if (times > 0 && times <= 0.5) return `${is}, ${short(1 / times)} times your guess.`;
  const much = `${short(off)}${unit === "%" ? " points" : ""}`;
  const close = off <= 0.1 * Math.abs(value) ? "Close. " : "";
  return `${close}${is}, ${much} ${guess < value ? "more" : "less"} than your guess.`;
}

const short = (number) => Number(number.toPrecision(2)).toLocaleString("en", { maximumSignificantDigits: 2 });
