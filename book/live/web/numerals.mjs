// Numbers as readers type them: a point or a comma before the decimals, a dash for a minus.

const PLAIN = /^[-+]?[\d_]*\.?\d+(?:[eE][-+]?\d+)?$|^[-+]?\d+\.$/;

/** {code, note}: the number as Python writes it, "" where it is none, and what a reader should know of how it was read. */
export function readNumber(typed) {
  const text = typed.trim().replace(/^[−–]/, "-");
  if (PLAIN.test(text)) return { code: text, note: "" };
  if (!/^[-+]?\d+,\d+(?:[eE][-+]?\d+)?$/.test(text)) return { code: "", note: "" };
  const point = text.replace(",", ".");
  if (/^[-+]?[1-9]\d{0,2},\d{3}$/.test(text)) return { code: "", note: `Write ${point} or ${text.replace(",", "")}: a comma can mean either.` };
  return { code: point, note: `Read as ${point}.` };
}
