// Draw outputs in the notebook format as the stored ones look.

import { showView } from "./controls.mjs";
import { asTerminal, folded } from "./printed.mjs";

/** Put `outputs` into `container`. Options: alt and caption (of the figure), runner (for controls). */
export function showOutputs(container, outputs, options = {}) {
  const pictures = [...container.querySelectorAll(":scope > img, :scope > figure > img")];
  const nodes = outputs.map((output) => draw(output, options, pictures)).filter(Boolean);
  container.replaceChildren(...nodes);
}

function draw(output, options, pictures) {
  if (output.output_type === "stream") return text(output.text, `stream ${output.name === "stderr" ? "stderr" : ""}`);
  if (output.output_type === "error") return error(output);
  const { data } = output;
  const view = data["application/vnd.dlcore.view+json"];
  if (view) return showView(view, options, showOutputs);
  if (data["image/png"]) return captioned(picture(data["image/png"], options.alt, pictures.shift()), options.caption);
  if (data["image/svg+xml"]) return html(data["image/svg+xml"], options.alt);
  if (data["text/html"]) return html(data["text/html"]);
  if (data["text/markdown"]) return markdown(data["text/markdown"]);
  return text(data["text/plain"] ?? "", "text_plain");
}

function text(content, kind) {
  const box = document.createElement("div");
  box.className = `output ${kind} highlight-myst-ansi notranslate`;
  const inner = document.createElement("div");
  inner.className = "highlight";
  const pre = document.createElement("pre");
  inner.append(pre);
  box.append(inner);
  show(pre, content, { last: kind === "traceback" });
  return box;
}

function show(pre, content, options, all = false) {
  const { lines, hidden } = folded(asTerminal(content), all ? { most: Infinity } : options);
  pre.replaceChildren();
  for (const [i, line] of lines.entries()) {
    if (i) pre.append("\n");
    if (line === null) pre.append(more(hidden, () => show(pre, content, options, true)));
    else pre.append(...line.map(coloured));
  }
}

function more(hidden, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-more";
  button.textContent = `… ${hidden.toLocaleString("en")} more lines: show all`;
  button.addEventListener("click", onClick);
  return button;
}

function coloured({ text, colour, bold }) {
  if (!colour && !bold) return text;
  const span = document.createElement("span");
  span.textContent = text;
  span.className = [colour && `live-ink-${colour}`, bold && "live-bold"].filter(Boolean).join(" ");
  return span;
}

function error({ ename, traceback }) {
  const box = text(traceback.join("\n"), "traceback");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Error: ${ename}`);
  return box;
}

const MARKS = /(\*\*.+?\*\*|\*[^*\s][^*]*\*|`[^`]+`)/;
const INLINE = { "**": "strong", "*": "em", "`": "code" };

/** Headings, lists, bold, slanted and code; the rest of Markdown is shown as it is written. */
function markdown(content) {
  const box = document.createElement("div");
  box.className = "output text_html";
  let list = null;
  for (const part of content.split(/\n(?=\s*[-*] |#)|\n\s*\n/)) {
    const [, mark, words] = part.trim().match(/^(#{1,6} +|[-*] +|)([^]*)$/);
    const node = document.createElement(mark[0] === "#" ? `h${Math.min(6, mark.trim().length + 2)}` : mark ? "li" : "p");
    node.append(...words.split(MARKS).map(inline));
    if (mark && mark[0] !== "#") {
      list ??= box.appendChild(document.createElement("ul"));
      list.append(node);
    } else {
      list = null;
      box.append(node);
    }
  }
  return box;
}

function inline(piece) {
  const mark = MARKS.test(piece) && Object.keys(INLINE).find((sign) => piece.startsWith(sign));
  if (!mark) return piece;
  const made = document.createElement(INLINE[mark]);
  made.textContent = piece.slice(mark.length, -mark.length);
  return made;
}

// An image that is there already changes its picture in place: nothing flickers.
function picture(png, alt, image = document.createElement("img")) {
  image.src = `data:image/png;base64,${png}`;
  image.style.setProperty("--shown", `${pageWidth(png)}px`);
  image.alt = alt || "Figure drawn by the code of this cell";
  return image;
}

// Below a figure stays what the book says of it, with its number; a picture in place keeps its frame.
function captioned(image, caption) {
  if (!caption || image.parentElement?.matches("figure")) return caption ? image.parentElement : image;
  const figure = caption.parentElement.cloneNode();
  figure.append(image, caption.cloneNode(true));
  return figure;
}

const PER_INCH = 110; // pixels of the page for an inch of a figure, as the stored ones have it

// How wide a PNG is shown: in its own pixels, or by the number of them in a metre where it says that.
function pageWidth(png) {
  const head = atob(png.slice(0, 400));
  const number = (at) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + head.charCodeAt(at + i), 0);
  const told = head.indexOf("pHYs");
  const scale = told < 0 ? 1 : PER_INCH / (number(told + 4) * 0.0254);
  return Math.round(number(16) * scale);
}

function html(content, label) {
  const box = document.createElement("div");
  box.className = "output text_html";
  box.innerHTML = content;
  if (label) {
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
  }
  return box;
}
