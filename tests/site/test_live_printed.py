"""What the page makes of printed text and of typed numbers, asked of its scripts under Node."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.site.pages import ROOT

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
WEB = ROOT / "book" / "live" / "web"


def ask(module: str, expression: str, *given: Any) -> Any:
    """The value of an expression in the names of a module and x, what is given."""
    script = (
        f"import * as m from {json.dumps((WEB / module).as_uri())};"
        f"const x = {json.dumps(given)};"
        f"console.log(JSON.stringify({expression}))"
    )
    command = ["node", "--input-type=module", "-e", script]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_text_is_shown_as_a_terminal_shows_it() -> None:
    texts = ["10 %\r100 %", "abc\r\x1b[Kd", "ab\bc", "a\r\nb", "\x1b[1;31mred\x1b[0m plain", "x"]
    plain = "x.map((text) => m.asTerminal(text).map((line) => line.map((p) => p.text).join('')))"
    lines = ask("printed.mjs", plain, *texts)
    assert lines == [["100 %"], ["d"], ["ac"], ["a", "b"], ["red plain"], ["x"]]
    red, rest = ask("printed.mjs", "m.asTerminal(x[0])[0]", texts[4])
    assert red == {"text": "red", "colour": "red", "bold": True}
    assert rest["colour"] == ""


def test_long_texts_are_folded_and_tracebacks_to_their_ends() -> None:
    fold = "((f) => [f.lines, f.hidden])(m.folded([...Array(x[0]).keys()], x[1] ?? {}))"
    assert ask("printed.mjs", fold, 205) == [list(range(205)), 0]
    lines, hidden = ask("printed.mjs", fold, 5000)
    assert lines == [*range(180), None, *range(4980, 5000)]
    assert hidden == 4800
    lines, hidden = ask("printed.mjs", fold, 2000, {"last": True})
    assert lines == [*range(12), None, *range(1988, 2000)]


def test_a_number_is_read_with_a_point_or_a_comma() -> None:
    typed = ["15.0", "15,0", "−3", "1e3", "1,234", "0,125", "1,2,3", "x", ".5", "7."]
    codes = ask("numerals.mjs", "x.map((text) => m.readNumber(text).code)", *typed)
    assert codes == ["15.0", "15.0", "-3", "1e3", "", "0.125", "", "", ".5", "7."]
    notes = ask("numerals.mjs", "x.map((text) => m.readNumber(text).note)", "15,0", "1,234", "15")
    assert notes == ["Read as 15.0.", "Write 1.234 or 1234: a comma can mean either.", ""]


def test_cleared_outputs_go_at_once_or_with_the_next() -> None:
    added = "((all) => (x.forEach((o) => m.addOutput(all, o)), all.map((o) => o.text)))([])"
    one, two = ({"output_type": "stream", "name": "stdout", "text": t} for t in "12")
    clear = {"output_type": "clear_output", "wait": False}
    assert ask("runner.mjs", added, one, clear) == []
    assert ask("runner.mjs", added, one, clear | {"wait": True}) == ["1"]
    assert ask("runner.mjs", added, one, clear | {"wait": True}, two) == ["2"]
    assert ask("runner.mjs", added, one, two) == ["12"]
