// An editor over a <pre>: a transparent textarea above the highlighted code, of the same size. It is
// the browser's own field, so undo, selection, screen readers and a phone's keyboard work as anywhere.

import { highlight } from "./highlight.mjs";

const INDENT = "    ";
const LEAVES_A_BLOCK = /^\s*(?:return|pass|break|continue|raise)\b/;

/**
 * Turn a <pre> into an editor. Options: label (its name), hint (id of an element that explains the
 * keys), onInput(code), onRun({stay}). Returns {element, input, value, set(code), focus()}.
 */
export function makeEditor(pre, { label, hint, onInput, onRun }) {
  const original = pre.innerHTML;
  const source = trimmed(pre.textContent);
  const box = document.createElement("div");
  box.className = "live-editor";
  pre.replaceWith(box);
  box.append(pre);
  pre.inert = true; // the theme makes every <pre> that overflows a stop of the Tab key, also this one
  const input = field(label, hint);
  input.value = source;
  box.append(input);
  let composing = false;
  let editing = false; // Tab indents only once the reader has begun to edit

  const draw = () => {
    const code = input.value;
    pre.innerHTML = code === source ? original : `${highlight(code)}\n`;
  };
  input.addEventListener("input", () => {
    editing = true;
    draw();
    if (!composing) onInput?.(input.value);
  });
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => {
    composing = false;
    onInput?.(input.value);
  });
  input.addEventListener("pointerdown", () => (editing = true));
  input.addEventListener("blur", () => (editing = false));
  input.addEventListener("keydown", (event) => {
    // 229: the key that ends a composition in Safari, where the composition is over by then.
    if (composing || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun?.({ stay: !event.shiftKey });
    } else if (event.key === "Escape") editing = false;
    else if (event.key === "Tab" && !editing) return;
    else if (type(input, event)) event.preventDefault();
  });

  return {
    element: box,
    input,
    source,
    get value() {
      return input.value;
    },
    set(code) {
      input.value = code;
      draw();
    },
    focus() {
      input.focus();
      input.scrollIntoView({ block: "nearest", inline: "nearest" }); // Firefox is content with its first line
    },
  };
}

const trimmed = (text) => text.replace(/\n$/, "");

function field(label, hint) {
  const input = document.createElement("textarea");
  Object.assign(input, { spellcheck: false, autocomplete: "off", wrap: "off", rows: 1 });
  input.setAttribute("autocapitalize", "off");
  input.setAttribute("autocorrect", "off");
  input.setAttribute("aria-label", label);
  if (hint) input.setAttribute("aria-describedby", hint);
  return input;
}

/** Insert text where the cursor is, so that the browser can undo it. */
function insert(input, text) {
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.dispatchEvent(new Event("input"));
}

function type(input, event) {
  const { value, selectionStart: from, selectionEnd: to } = input;
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const line = value.slice(start, from);
  if (event.key === "Tab") return from === to && !event.shiftKey ? tab(input, line) : shift(input, event.shiftKey);
  if ((event.ctrlKey || event.metaKey) && event.key === "/") return comment(input);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Enter") return newLine(input, line);
  if (event.key === "Backspace" && from === to && line && !line.trim()) {
    const back = line.length % INDENT.length || INDENT.length;
    if (back === 1) return false;
    input.setSelectionRange(from - back, from);
    insert(input, "");
    return true;
  }
  return false;
}

function tab(input, line) {
  insert(input, " ".repeat(INDENT.length - (line.length % INDENT.length)));
  return true;
}

function newLine(input, line) {
  let indent = line.match(/^[ \t]*/)[0];
  if (/:\s*(?:#.*)?$/.test(line) || /[([{]\s*$/.test(line)) indent += INDENT;
  else if (LEAVES_A_BLOCK.test(line)) indent = indent.slice(INDENT.length);
  insert(input, `\n${indent}`);
  return true;
}

const shift = (input, back) =>
  eachLine(input, (line) => (back ? line.replace(/^ {1,4}/, "") : line && INDENT + line));

function comment(input) {
  const all = selectedLines(input).lines.filter((line) => line.trim()).every((line) => /^\s*#/.test(line));
  return eachLine(input, (line) =>
    all ? line.replace(/^(\s*)# ?/, "$1") : line.trim() && line.replace(/^(\s*)/, "$1# "),
  );
}

function selectedLines({ value, selectionStart, selectionEnd }) {
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
  const stop = value.indexOf("\n", last);
  const end = stop < 0 ? value.length : stop;
  return { start, end, lines: value.slice(start, end).split("\n") };
}

function eachLine(input, change) {
  const { selectionStart, selectionEnd } = input;
  const { start, end, lines } = selectedLines(input);
  const changed = lines.map(change).join("\n");
  if (changed === lines.join("\n")) return true;
  input.setSelectionRange(start, end);
  insert(input, changed);
  if (selectionStart === selectionEnd) {
    const moved = Math.max(start, selectionStart + changed.length - (end - start));
    input.setSelectionRange(moved, moved);
  } else input.setSelectionRange(start, start + changed.length);
  return true;
}
