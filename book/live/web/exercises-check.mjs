// Run answers and checks as the grader does: the cells they need, in the order of the notebook, in
// variables of their own, each from its source in the notebook but for the answers.

import { page, runner } from "./page.mjs";
import { Stopped } from "./runner.mjs";
import { written } from "./exercises-kept.mjs";

const SPACE = "exercises";
const FAILED = (outputs) => outputs.some((output) => output.output_type === "error");

export class Checker {
  #sheet;
  #turn = Promise.resolve();

  constructor(sheet) {
    this.#sheet = sheet;
  }

  /** Check exercises, after those that are being checked. */
  check(exercises) {
    const turn = this.#turn.then(() => this.#check(exercises));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #check(exercises) {
    const able = exercises.filter((exercise) => !exercise.barrier);
    const tried = able.filter((exercise) => exercise.attempted);
    if (!tried.length) {
      if (able.length === 1) able[0].judge({ status: "not attempted" });
      else page.dock.say("Nothing to check yet: no exercise has an answer");
      return;
    }
    const busy = (on) => tried.forEach((exercise) => exercise.become(on));
    tried.forEach((exercise) => exercise.say("waiting …"));
    busy(true);
    try {
      await this.#run(tried);
      page.dock.say(tried.length > 1 ? `${tried.length} exercises are checked` : `Exercise ${tried[0].number} is checked`);
    } catch (error) {
      const stopped = error instanceof Stopped;
      if (!stopped) page.dock.say(error.message, true);
      for (const exercise of tried.filter((one) => one.busy)) {
        exercise.show();
        exercise.say(stopped ? "Stopped: not checked." : `Not checked: ${error.message}`, "none");
      }
    } finally {
      busy(false);
    }
  }

  async #run(tried) {
    page.dock.show();
    await runner.start();
    const cells = this.#cells();
    const wanted = new Set(tried.length > 1 ? cells.map(({ id }) => id) : await this.#needed(cells, tried[0]));
    const answers = new Map(tried.map((exercise) => [exercise.number, exercise.answer]));
    const outputs = {};
    const closed = new Set();
    let fresh = true;
    let above = {};
    for (const cell of cells.filter(({ id }) => wanted.has(id))) {
      const exercise = tried.find(({ number }) => number === cell.exercise);
      if (!closed.has(cell.exercise)) {
        exercise?.say("running …");
        page.dock.say(exercise ? `Checking exercise ${exercise.number}` : "Running the cells above");
        outputs[cell.id] = twins(above, cell) ? outputs[above.id] : (await this.#runCell(cell, fresh)).outputs;
        [fresh, above] = [false, cell];
        if (cell.role === "answer" && FAILED(outputs[cell.id])) closed.add(cell.exercise);
      }
      if (exercise && this.#last(exercise) === cell.id) await this.#judge(exercise, outputs, answers);
    }
  }

  /** The code cells that the grader would run: none of an exercise without an attempt. */
  #cells() {
    const codes = new Map();
    const tried = new Map(this.#sheet.exercises.map((one) => [one.number, !one.inWords && one.attempted]));
    for (const { answers, answer } of this.#sheet.exercises) answers.forEach((id, i) => codes.set(id, answer[i]));
    return this.#sheet.notebook.cells
      .filter((cell) => cell.cell_type === "code")
      .map((cell) => {
        const { exercise = "", role = "" } = cell.metadata.dlcore ?? {};
        return { id: cell.id, code: codes.get(cell.id) ?? written(cell), exercise: role && exercise, role };
      })
      .filter((cell) => !cell.exercise || tried.get(cell.exercise));
  }

  async #needed(cells, { number }) {
    const plain = cells.map(({ id, code, exercise }) => ({ id, code, exercise }));
    return runner.call("exercise_checks:needed", plain, number);
  }

  #runCell({ id, code, exercise, role }, fresh) {
    const one = this.#sheet.exercises.find(({ number }) => number === exercise);
    const answers = role === "check" ? one.answers : []; // what these print is no part of the check
    return runner.run(code, { name: id, space: SPACE, fresh, answers });
  }

  #last({ answers, checks }) {
    return checks.at(-1)?.id ?? answers.at(-1);
  }

  async #judge(exercise, outputs, answers) {
    if (exercise.checks.some(({ expected }) => expected.some((output) => output.data?.["image/png"]))) {
      await runner.run("import PIL", { name: "pictures", space: "pictures" }); // what compares them needs it
    }
    const { number, title, stars, kind, checks } = exercise;
    const own = Object.fromEntries([...exercise.answers, ...checks.map(({ id }) => id)].filter((id) => id in outputs).map((id) => [id, outputs[id]]));
    const about = { number, title, stars, kind, checks, answers: exercise.answers };
    const result = await runner.call("exercise_checks:judged", about, own);
    result.trace = trace(exercise, own);
    exercise.become(false);
    if (JSON.stringify(answers.get(number)) === JSON.stringify(exercise.answer)) exercise.judge(result);
    else exercise.show(); // edited meanwhile: the result is that of another answer
  }
}

/** Whether two checks of an exercise are one in all but what they accept: it is run once. */
function twins(one, other) {
  return one.role === "check" && other.role === "check" && one.exercise === other.exercise && one.code === other.code;
}

/** Where an answer raised, in the lines of its own cells. */
function trace({ answers }, outputs) {
  for (const id of answers) {
    const error = outputs[id]?.find((output) => output.output_type === "error");
    if (error) return error.traceback.join("\n");
  }
  return "";
}
