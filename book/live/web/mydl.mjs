// The parts of mydl.py joined; dlcore/grade/builds/joining.py does the same for notebooks.

const IMPORTED = ["np", "sys", "importlib", "Path", "SimpleNamespace"];
const AT_THE_LEFT = /^(?:(?:async +)?def|class) +([\p{L}\p{N}_]+)|^([\p{L}\p{N}_]+) *(?::[^=\n]*)?=(?!=)/gmu;
const MARKS = ["### BEGIN SOLUTION", "### END SOLUTION"];

/** The file, whose builds are in it, and why others were not taken: {text, own, clashes}. */
export function join(parts, own) {
  const used = new Set([...IMPORTED, ...parts.filter(({ where }) => !where).flatMap(({ text }) => leftNames(text))]);
  const [sections, clashes, mine, lent, none] = [[], {}, [], [], []];
  for (const part of parts) {
    if (!part.where) {
      sections.push(part.text);
      continue;
    }
    let source = plain(own[part.exercise] ?? "");
    const both = [...new Set(leftNames(source).filter((name) => used.has(name)))].sort();
    if (both.length) {
      clashes[part.exercise] = both.join(", ");
      source = "";
    }
    leftNames(source || part.text).forEach((name) => used.add(name));
    (source ? mine : part.text ? lent : none).push(part);
    const whose = source ? "Yours" : "Borrowed from the book";
    if (source || part.text) sections.push(`# ${whose}: ${line(part)}.\n\n\n${source || part.text}`);
  }
  const lists = [list("Yours:", mine), list("Borrowed from the book until you build it:", lent), list("Not built yet:", none)];
  sections[0] = sections[0].replace("@made@", () => lists.filter(Boolean).join("\n\n"));
  return { text: `${sections.join("\n\n\n")}\n`, own: mine.map(({ exercise }) => exercise), clashes };
}

const leftNames = (source) => [...source.matchAll(AT_THE_LEFT)].map((match) => match[1] ?? match[2]);

function plain(source) {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  return lines.filter((one) => !MARKS.includes(one.trim())).join("\n").replace(/^\n+|\n+$/g, "");
}

const line = ({ where, names }) => `${where}: ${names.join(", ")}`;
const list = (title, parts) => parts.length && [title, ...parts.map((part) => `- ${line(part)}`)].join("\n");
