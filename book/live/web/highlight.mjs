// Python in the classes of Pygments, so that edited code keeps the colours of the page.

const WORDS = {
  k: "assert async await break class continue def del elif else except finally for global if lambda nonlocal pass raise return try while with yield match case",
  kn: "from import as",
  kc: "True False None",
  ow: "and in is not or",
  bp: "self cls",
  nb: "abs all any bool bytes callable chr classmethod complex dict dir divmod enumerate eval exec filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip display",
  ne: "ArithmeticError AssertionError AttributeError Exception FloatingPointError IndexError KeyError NameError NotImplementedError OverflowError RuntimeError StopIteration TypeError ValueError ZeroDivisionError",
};
const CLASS = new Map(Object.entries(WORDS).flatMap(([kind, words]) => words.split(" ").map((w) => [w, kind])));

const TOKEN = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<string>(?<prefix>[rRbBuUfFtT]{0,2})(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?))/,
    /(?<decorator>(?<=^[ \t]*)@[\w.]+)/,
    /(?<number>\b(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?))/,
    /(?<word>[^\W\d]\w*)/,
    /(?<operator>[-+*/%@&|^~<>=!:]=?|\*\*|\/\/)/,
    /(?<punctuation>[()[\]{},.;])/,
  ].map((part) => part.source).join("|"),
  "gmu",
);

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const span = (kind, text) => `<span class="${kind}">${escape(text)}</span>`;

/** Return the HTML of a piece of Python. */
export function highlight(code) {
  let html = "";
  let end = 0;
  let before = "";
  for (const match of code.matchAll(TOKEN)) {
    html += escape(code.slice(end, match.index));
    end = match.index + match[0].length;
    html += token(match, before);
    before = match[0];
  }
  return html + escape(code.slice(end));
}

function token({ groups, 0: text }, before) {
  if (groups.comment) return span("c1", text);
  if (groups.string) return string(groups);
  if (groups.decorator) return span("nd", text);
  if (groups.number) return span(/[.eEjJ]/.test(text) && !/^0[xX]/.test(text) ? "mf" : "mi", text);
  if (groups.operator) return span(text === ":" ? "p" : "o", text);
  if (groups.punctuation) return span(text === "." ? "o" : "p", text);
  if (before === "def") return span("nf", text);
  if (before === "class") return span("nc", text);
  return span((before !== "." && CLASS.get(text)) || "n", text);
}

function string({ string: text, prefix }) {
  const kind = text.includes("'") && !text.slice(prefix.length).startsWith('"') ? "s1" : "s2";
  if (!/[ft]/i.test(prefix)) return (prefix ? span("sa", prefix) : "") + span(kind, text.slice(prefix.length));
  const parts = text.slice(prefix.length).split(/(\{\{|\}\}|\{[^{}]*\}?)/);
  const inner = parts.map((part) => {
    if (!part.startsWith("{") || part === "{{") return part ? span(kind, part) : "";
    const [, code, format, close] = part.match(/^\{([^]*?)((?:![rsa])?(?::[^}]*)?)(\}?)$/);
    return span("si", "{") + highlight(code) + (format ? span(kind, format) : "") + (close ? span("si", close) : "");
  });
  return span("sa", prefix) + inner.join("");
}
