// What is printed, as a terminal shows it: "\r" writes a line anew, codes of ANSI colour it, and long
// texts are folded.

const CODES = /\x1b\[([\d;]*)([A-Za-z])/g;
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Lines of pieces {text, colour, bold}. */
export function asTerminal(text) {
  let style = { colour: "", bold: false };
  return text.split("\n").map((line) => {
    if (!/[\r\b\x1b]/.test(line)) return style.colour || style.bold ? [{ text: line, ...style }] : [{ text: line }];
    const letters = [];
    let at = 0;
    const write = (piece) => {
      for (const letter of piece) {
        if (letter === "\r") at = 0;
        else if (letter === "\b") at = Math.max(0, at - 1);
        else letters[at++] = { letter, style };
      }
    };
    let from = 0;
    for (const found of line.matchAll(CODES)) {
      write(line.slice(from, found.index));
      from = found.index + found[0].length;
      if (found[2] === "m") style = styled(style, found[1]);
      else if (found[2] === "K") found[1] === "2" ? letters.fill({ letter: " ", style: {} }) : letters.splice(at);
    }
    write(line.slice(from));
    return joined(letters);
  });
}

function styled(before, codes) {
  const style = { ...before };
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) Object.assign(style, { colour: "", bold: false });
    else if (code === 1) style.bold = true;
    else if (code === 22) style.bold = false;
    else if (code === 39) style.colour = "";
    else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) style.colour = COLOURS[code % 10];
  }
  return style;
}

function joined(letters) {
  const pieces = [];
  for (const { letter, style } of letters) {
    const last = pieces.at(-1);
    if (last && last.style === style) last.text += letter;
    else pieces.push({ text: letter, style });
  }
  return pieces.map(({ text, style }) => ({ text, ...style }));
}

const MOST = 200; // lines that are shown of what is printed
const AT_THE_END = 20; // of which so many are the last

/** Fold the middle of long texts, of a traceback but for its ends: {lines, hidden}; null stands for what is hidden. */
export function folded(lines, { most = MOST, last = false } = {}) {
  if (last) most = Math.min(most, 24);
  if (lines.length <= most + 5) return { lines, hidden: 0 };
  const tail = last ? most / 2 : AT_THE_END;
  return { lines: [...lines.slice(0, most - tail), null, ...lines.slice(-tail)], hidden: lines.length - most };
}
