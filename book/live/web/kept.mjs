// All that the browser keeps of a reader's work, as a file and back: reading, guesses, results, answers.

import { isObject, parsed } from "./stored.mjs";

const FORMAT = "Deep Learning, Line by Line: progress";
const VERSION = 1;
const LARGEST = 10_000_000; // characters; browsers keep about half of that
const KEYS = /^(read|guesses|exercises|live):./;
const isText = (value) => typeof value === "string";

/** What is kept, by key. */
function gather() {
  const keys = Object.keys(localStorage).filter((key) => KEYS.test(key)).sort();
  return Object.fromEntries(keys.map((key) => [key, localStorage.getItem(key)]));
}

/** The text of the file. */
export function exported() {
  const now = new Date().toISOString();
  return `${JSON.stringify({ format: FORMAT, version: VERSION, when: now, kept: gather() }, null, 1)}\n`;
}

/** Add what a file holds; returns how many texts differ from those here. Throws a sentence, and then nothing is changed. */
export function add(text, isCurrent) {
  const here = gather();
  const there = read(text);
  let differ = 0;
  const merged = {};
  for (const [key, value] of Object.entries(there)) {
    if (!(key in here)) merged[key] = value;
    else if (key.startsWith("live:")) differ += here[key] !== value;
    else merged[key] = JSON.stringify(together(key, parsed(here[key]) ?? {}, parsed(value), isCurrent));
  }
  write(merged, here);
  return differ;
}

function read(text) {
  if (text.length > LARGEST) throw new Error("The file is too large to be one that this page has exported.");
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("The file is not one that this page has exported: it is no JSON.");
  }
  if (!isObject(found) || found.format !== FORMAT) throw new Error("The file is not one that this page has exported.");
  if (found.version !== VERSION) {
    throw new Error(`The file has version ${found.version} and this page reads version ${VERSION}: reload the page, or use a newer edition of the book.`);
  }
  if (!isObject(found.kept) || !Object.entries(found.kept).every(isSound)) {
    throw new Error("The file is damaged: an entry is not what this page would have written. Nothing was imported.");
  }
  return found.kept;
}

function isSound([key, value]) {
  if (!KEYS.test(key) || !isText(value)) return false;
  if (key.startsWith("live:")) return true;
  const entries = parsed(value);
  if (!entries) return false;
  if (key.startsWith("read:")) return Array.isArray(entries.sections) && entries.sections.every(isText);
  return Object.values(entries).every(key.startsWith("guesses:") ? isGuess : isResult);
}

const isGuess = (one) => isObject(one) && isText(one.guess ?? "");

function isResult(one) {
  if (!isObject(one)) return false;
  const { result, answer } = one;
  const answered = answer === undefined || (Array.isArray(answer) && answer.every(isText));
  return answered && (result === undefined || (isObject(result) && Number.isFinite(result.points)));
}

function together(key, here, there, isCurrent) {
  if (key.startsWith("read:")) {
    const sections = [...new Set([...(here.sections ?? []), ...there.sections])];
    return { ...there, ...here, sections };
  }
  const name = key.slice(key.indexOf(":") + 1);
  const merge = key.startsWith("guesses:") ? guess : (a, b, number) => result(a, b, (edition) => isCurrent(name, number, edition));
  const both = { ...there, ...here };
  for (const one of Object.keys(there)) if (Object.hasOwn(here, one)) both[one] = merge(here[one], there[one], one);
  return both;
}

function guess(here, there) {
  return { ...(here.guess || !there.guess ? here : there), shown: Boolean(here.shown || there.shown) };
}

/** The better result of the present edition, with its answer; the one here if they are as good. */
function result(here, there, isCurrent) {
  const worth = (one) => (isCurrent(one.edition) && one.result ? 1 + one.result.points : 0);
  const better = worth(there) > worth(here) ? there : here;
  return here.opened || there.opened ? { ...better, opened: true } : better;
}

function write(entries, before) {
  try {
    for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
  } catch {
    for (const key of Object.keys(entries)) {
      localStorage.removeItem(key);
      if (key in before) localStorage.setItem(key, before[key]);
    }
    throw new Error("The browser has no room for what the file holds. Nothing was imported.");
  }
}
