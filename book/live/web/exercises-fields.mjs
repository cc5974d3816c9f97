// Choices as buttons beside their options, numbers as a field: both write the code of the answer cell
// and follow it, so that there is one answer, and it is what stands in the notebook.

import { element } from "./exercises-show.mjs";
import { readNumber } from "./numerals.mjs";

/** Make the fields of an exercise, {follow()}; null where its text does not offer the options. */
export function makeFields(exercise, cell) {
  const { variable, parts } = exercise.field;
  const names = parts.length ? parts : [""];
  const fields = exercise.kind === "choice" ? choices(exercise, cell, names) : numbers(exercise, cell, names);
  if (!fields) return null;
  const write = () => {
    const values = fields.map((field) => field.value);
    cell.write(values.some(Boolean) ? toCode(variable, parts, values) : cell.source);
  };
  fields.forEach((field) => field.listen(write));
  const follow = () => {
    const values = fromCode(cell.code, variable, parts);
    const free = values !== null || !exercise.attempted;
    fields.forEach((field, i) => field.set(values?.[i] ?? "", free));
  };
  follow();
  return { follow };
}

// Code -------------------------------------------------------------------------------------------

export function toCode(variable, parts, values) {
  if (!parts.length) return `${variable} = ${values[0]}`;
  const entries = parts.map((part, i) => `${JSON.stringify(part)}: ${values[i] || '""'}`);
  return `${variable} = {${entries.join(", ")}}`;
}

/** The values in the code, as Python writes them; null where it holds more than the assignment. */
export function fromCode(code, variable, parts) {
  const literal = String.raw`("[^"\n]*"|'[^'\n]*'|[-+\w.]+)`;
  const inner = parts.length
    ? String.raw`\{\s*${parts.map((part) => `["']${part}["']\\s*:\\s*${literal}`).join("\\s*,\\s*")}\s*,?\s*\}`
    : literal;
  const found = code.match(new RegExp(String.raw`^\s*${variable}\s*=\s*${inner}\s*$`));
  return found && found.slice(1);
}

const bare = (value) => value.replace(/^(["'])(.*)\1$/, "$2");

// Fields -----------------------------------------------------------------------------------------

/** The lists of options above a cell, one for each part; the last ones belong to it. */
function optionLists(exercise, cell, howMany) {
  const letters = (list) => [...list.children].map((item) => item.querySelector(":scope > strong:first-child, :scope > p > strong:first-child")?.textContent);
  const section = cell.element.closest("section");
  const lists = [...section.querySelectorAll("ul")].filter(
    (list) =>
      list.compareDocumentPosition(cell.element) & Node.DOCUMENT_POSITION_FOLLOWING &&
      letters(list).every((letter) => /^[A-Z]$/.test(letter ?? "")),
  );
  return lists.length === howMany ? lists : null;
}

function choices(exercise, cell, names) {
  const lists = optionLists(exercise, cell, names.length);
  return lists?.map((list, i) => {
    list.classList.add("exercise-options");
    list.setAttribute("role", "radiogroup");
    list.setAttribute("aria-label", `Answer to ${exercise.number}${names[i] && `, ${names[i]}`}`);
    const inputs = [...list.children].map((item) => radio(item, `${exercise.number}-${names[i]}`));
    return {
      get value() {
        const chosen = inputs.find((input) => input.checked);
        return chosen ? JSON.stringify(chosen.value) : "";
      },
      set(value, free) {
        const letter = bare(value).trim().toUpperCase();
        for (const input of inputs) {
          input.checked = input.value === letter;
          input.disabled = !free;
        }
      },
      listen: (write) => inputs.forEach((input) => input.addEventListener("change", write)),
    };
  });
}

function radio(item, name) {
  const input = element("input", { type: "radio", name, value: item.querySelector("strong").textContent });
  const label = element("label");
  const text = element("span");
  text.append(...item.childNodes);
  label.append(input, text);
  item.setAttribute("role", "none");
  item.replaceChildren(label);
  return input;
}

function numbers(exercise, cell, names) {
  const box = element("div", { className: "exercise-numbers" });
  cell.element.before(box);
  return names.map((name) => {
    const input = element("input", { type: "text", inputMode: "text", autocomplete: "off", spellcheck: false });
    const label = element("label");
    label.append(element("span", { textContent: name ? `Your answer, ${name}` : "Your answer" }), input);
    input.setAttribute("aria-label", `Answer to ${exercise.number}${name && `, ${name}`}`);
    const note = element("p", { className: "live-hint" });
    note.setAttribute("role", "status");
    input.addEventListener("input", () => (note.textContent = readNumber(input.value).note));
    box.append(label, note);
    return {
      get value() {
        const text = input.value.trim();
        return text && (readNumber(text).code || JSON.stringify(text));
      },
      set(value, free) {
        input.disabled = !free;
        input.placeholder = free ? "" : "set in the cell";
        if (document.activeElement !== input) input.value = bare(value);
      },
      listen: (write) => input.addEventListener("input", write),
    };
  });
}
