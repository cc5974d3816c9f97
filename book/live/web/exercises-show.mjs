// How a page of exercises speaks: verdicts, feedback, a question before something is lost.

export function element(tag, entries = {}) {
  return Object.assign(document.createElement(tag), entries);
}

export function button(text, onClick, kind) {
  const made = element("button", { type: "button", className: `live-button ${kind}`, textContent: text });
  made.addEventListener("click", onClick);
  return made;
}

const points = (n) => `${n} point${n === 1 ? "" : "s"}`;
const STATES = { right: "right", "partly right": "partly", wrong: "wrong", "self-assessment": "own" };
const WORDS = { right: "Right", "partly right": "Partly right", wrong: "Wrong" };

/** What to say of an exercise: {text, short, state}. */
export function verdict(exercise, result, changed) {
  const most = exercise.points;
  if (exercise.barrier) {
    return { text: `Not checked in the page: ${exercise.barrier}. Use dlcore grade.`, short: points(most), state: "none" };
  }
  if (result) {
    if (exercise.inWords) return { text: "Written, not scored", short: "written", state: "own" };
    const short = `${result.points} of ${points(most)}`;
    return { text: `${WORDS[result.status]}: ${short}`, short, state: STATES[result.status] };
  }
  if (exercise.inWords) return { text: "Not scored", short: exercise.attempted ? "written" : "not scored", state: "none" };
  const short = points(most);
  if (changed) return { text: `Changed since the check: ${short} to win`, short: "changed", state: "changed" };
  return { text: short, short: exercise.attempted ? "not checked" : short, state: "none" };
}

/** Draw the feedback of an exercise; nothing without a result. */
export function showResult(container, exercise, result) {
  container.replaceChildren();
  if (!result) return;
  if (exercise.inWords) container.append(...rubric(exercise));
  if (result.message) container.append(note(result.trace || result.message, "Your answer stopped with an error"));
  for (const check of result.checks) {
    if (check.status === "passed" && result.checks.length === 1) continue;
    container.append(feedback(check, Boolean(result.message)));
  }
}

function rubric({ rubric: lines, number }) {
  if (!lines.length) return [element("p", { textContent: "Compare it with the solution below: what does yours say that this one does not, and what is missing?" })];
  const list = element("ul", { className: "exercise-rubric" });
  for (const line of lines) {
    const label = element("label");
    label.append(element("input", { type: "checkbox" }), element("span", { textContent: line }));
    const item = element("li");
    item.append(label);
    list.append(item);
  }
  list.setAttribute("aria-label", `What a good answer to ${number} says`);
  return [element("p", { textContent: "A good answer says the following. Tick what yours does; it is not scored." }), list];
}

function note(text, title) {
  const box = element("div", { className: "exercise-note" });
  box.append(element("p", { textContent: title }), element("pre", { textContent: text, tabIndex: 0 }));
  return box;
}

/** One check: its name and points, and where it did not pass, what was expected, what came, and a hint. */
function feedback(check, said) {
  const passed = check.status === "passed";
  const box = element("div", { className: `exercise-check ${passed ? "passed" : "failed"}` });
  const name = check.id.replace(/^ex-\d+-\d+-/, "").replaceAll("-", " ");
  const part = check.part ? `, ${check.part}` : "";
  const got = `${check.status}, ${passed ? check.max_points : 0} of ${points(check.max_points)}${part}`;
  const head = element("p", { className: "exercise-check-head" });
  head.append(element("strong", { textContent: name }), ` ${got}`);
  box.append(head);
  if (passed) return box;
  const list = element("dl");
  const add = (term, text, isCode) => {
    if (!text) return;
    const value = element("dd");
    value.append(isCode ? element("pre", { textContent: text, tabIndex: 0 }) : text);
    list.append(element("dt", { textContent: term }), value);
  };
  if (!said) add("", check.message);
  if (check.status === "failed") {
    add("expected", check.expected, true);
    add("got", check.got, true);
  }
  add("hint", check.hint);
  box.append(list);
  return box;
}

/** Ask before something is lost; resolves to whether to go on. */
export function ask(question, yes) {
  const dialog = element("dialog", { className: "exercise-dialog" });
  const text = element("p", { textContent: question, id: "exercise-question" });
  dialog.setAttribute("aria-labelledby", text.id);
  const close = (answer) => () => dialog.close(answer);
  const bar = element("div", { className: "exercise-actions" });
  bar.append(button("Keep", close("no"), "plain"), button(yes, close("yes"), "check"));
  dialog.append(text, bar);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }),
  );
}
