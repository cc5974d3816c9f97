// The page of the reader's progress: counts, the library of one's own, export and import.

import { button, element } from "./exercises-show.mjs";
import { add, exported } from "./kept.mjs";
import { join } from "./mydl.mjs";
import { stored } from "./stored.mjs";

const chapters = JSON.parse(document.getElementById("progress-page").textContent);
const region = document.getElementById("progress");
const says = region.querySelector(".progress-says");
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function say(text, wrong = false) {
  says.textContent = text;
  says.dataset.state = wrong ? "wrong" : "";
}

/** The result of an exercise, if it is of the present edition. */
function resultOf(name, { number, edition }) {
  const found = stored(`exercises:${name}`)[number];
  return found?.edition === edition ? found : {};
}

function doneIn({ page, name, sections, predictions, exercises }) {
  const read = stored(`read:${page}`).sections ?? [];
  const guesses = stored(`guesses:${page}`);
  const results = exercises.map((one) => ({ ...one, result: resultOf(name, one).result }));
  const builds = results.filter(({ kind }) => kind === "build");
  return {
    sections: [sections.filter((id) => read.includes(id)).length, sections.length],
    guesses: [predictions.filter((id) => guesses[id]?.guess || guesses[id]?.shown).length, predictions.length],
    points: [sum(results.map(({ result }) => result?.points ?? 0)), sum(exercises.map(({ points }) => points))],
    build: [builds.filter(({ result }) => result?.status === "right").length, builds.length],
    results,
  };
}

function show() {
  const all = chapters.map((chapter) => [chapter, doneIn(chapter)]);
  for (const [{ page }, done] of all) {
    fill(page, done);
    for (const { number, kind, points, result } of done.results) {
      const score = region.querySelector(`li[data-exercise="${number}"] .exercise-score`);
      if (kind === "text") score.textContent = result ? "written" : "not scored";
      else score.textContent = result ? `${result.points} of ${points}` : `– of ${points}`;
    }
  }
  const part = (name) => [0, 1].map((i) => sum(all.map(([, done]) => done[name][i])));
  fill("all", Object.fromEntries(["sections", "guesses", "points", "build"].map((name) => [name, part(name)])));
}

function fill(page, done) {
  for (const cell of region.querySelectorAll(`tr[data-page="${page}"] td`)) {
    const [got, most] = done[cell.dataset.part];
    cell.textContent = most ? `${got} of ${most}` : "–";
    cell.dataset.state = most && got === most ? "all" : "";
  }
}

function save(text, name, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function library() {
  const response = await fetch(new URL("mydl.json", import.meta.url));
  if (!response.ok) return say(`The parts of mydl.py did not come (${response.status}): try again.`, true);
  const parts = await response.json();
  const own = {};
  for (const { exercise, name, edition } of parts.filter((part) => part.name)) {
    const { result, answer } = resultOf(name, { number: exercise, edition });
    if (result?.status === "right" && answer) own[exercise] = answer.join("\n");
  }
  const made = join(parts, own);
  save(made.text, "mydl.py", "text/x-python");
  const places = parts.filter(({ where }) => where).length;
  const clashes = Object.entries(made.clashes).map(([number, names]) => ` ${number} was not taken: another part of the file has ${names}, so choose another name.`);
  return say(`mydl.py: ${made.own.length} of ${places} builds are your own, the rest is borrowed or named.${clashes.join("")}`);
}

const isCurrent = (name, number, edition) =>
  chapters.some((chapter) => chapter.name === name && chapter.exercises.some((one) => one.number === number && one.edition === edition));

async function take(file) {
  if (!file) return;
  try {
    const differ = add(await file.text(), isCurrent);
    show();
    const rest = differ ? ` ${differ} text${differ === 1 ? " differs" : "s differ"} from what is here, which was kept.` : "";
    say(`${file.name} is imported, and nothing that was here is lost.${rest}`);
  } catch (error) {
    say(error.message, true);
  }
}

function makeActions() {
  const bar = region.querySelector(".progress-actions");
  const input = element("input", { type: "file", accept: ".json,application/json", hidden: true });
  input.addEventListener("change", async () => {
    await take(input.files[0]);
    input.value = "";
  });
  const library_ = button("mydl.py", library, "check");
  library_.setAttribute("aria-label", "mydl.py: download the library of your own");
  const name = () => `progress-${new Date().toISOString().slice(0, 10)}.json`;
  bar.append(
    library_,
    button("Export", () => save(exported(), name(), "application/json"), "plain"),
    button("Import", () => input.click(), "plain"),
    input,
  );
}

makeActions();
show();
addEventListener("storage", show); // another tab has gone on
addEventListener("pageshow", show);
if (document.documentElement.dataset.storage === "none") {
  say("This browser keeps nothing for this site, so there is no progress to show.", true);
}
document.documentElement.dataset.progress = "on";
