"""Reading Python without running it: what of a cell is Python, and its syntax tree."""

import ast
import re
import threading
import tokenize

MARKS = ("%", "!")  # with these begins a line that speaks to IPython, or to the shell
PROMPTS = (  # those of Python and of IPython: what begins a pasted cell, what begins each line
    (re.compile(r">>>( |$)"), re.compile(r"(>>>|\.\.\.)( |$)")),
    (re.compile(r"In \[\d+\]:( |$)"), re.compile(r"(In \[\d+\]:| *\.{3,}:)( |$)")),
)
_ONE = threading.Lock()


def pasted(source: str) -> str:
    r"""Return a cell without the indentation or the prompts with which it was pasted.

    IPython takes both away, by the first line that is not empty.

    Parameters
    ----------
    source : str
        The source of a cell.

    Returns
    -------
    str
        The source, line for line.

    Examples
    --------
    >>> pasted(">>> for i in range(2):\n...     print(i)")
    'for i in range(2):\n    print(i)'
    """
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    lines = [line.removeprefix(indent) for line in lines]
    for begins, prompt in PROMPTS:
        if begins.match(first.lstrip()):
            lines = [
                prompt.sub("", line, count=1) if prompt.match(line) else line for line in lines
            ]
    return "\n".join(lines)


def magic_lines(source: str) -> list[int]:
    r"""Return which lines of a cell speak to IPython or to the shell.

    Such a line counts only where a statement begins: a line that begins with ``%`` inside an
    expression or a text is Python.

    Parameters
    ----------
    source : str
        The source of a cell.

    Returns
    -------
    list of int
        Their numbers, from 0 on; a magic that a backslash carries on has several.

    Examples
    --------
    >>> magic_lines("%matplotlib inline\nprint('%d of %d'\n% (3, 4))")
    [0]
    """
    lines = source.split("\n")
    found: list[int] = []
    number = 0
    while number < len(lines):
        if lines[number].lstrip().startswith(MARKS):
            found.append(number)
            while lines[number].endswith("\\") and number + 1 < len(lines):
                number += 1
                found.append(number)
            number += 1
        else:
            number = _next_statement(lines, number)
    return found


def _next_statement(lines: list[str], number: int) -> int:
    """Return the line after the statement that begins in a line; what is no Python takes all."""
    if not lines[number].strip() or lines[number].lstrip().startswith("#"):
        return number + 1
    rest = (f"{lines[place]}\n" for place in range(number, len(lines)))
    try:
        for token in tokenize.generate_tokens(rest.__next__):
            if token.type == tokenize.NEWLINE:
                return number + token.end[0]
            if token.type == tokenize.ERRORTOKEN:
                break
    except (tokenize.TokenError, SyntaxError):
        pass
    return len(lines)  # whoever parses it will say what is wrong


def python_of(source: str) -> str:
    """Return a cell as plain Python, line for line.

    Parameters
    ----------
    source : str
        The source of a cell.

    Returns
    -------
    str
        The source as :func:`pasted` leaves it, with a ``pass`` for each magic, so that a block
        that holds nothing else stays a block.
    """
    source = pasted(source)
    if not any(mark in source for mark in MARKS):
        return source
    lines = source.split("\n")
    begins = True
    for number in magic_lines(source):
        line = lines[number]
        indent = line[: len(line) - len(line.lstrip())] if begins else ""
        lines[number] = f"{indent}pass" if begins else ""
        begins = not line.endswith("\\")
    return "\n".join(lines)


def parse(source: str, filename: str = "<unknown>") -> ast.Module:
    """Return the syntax tree of a text, one thread after the other.

    CPython 3.11 counts the depth of the tree that it builds in one place for all threads, and ends
    with a ``SystemError`` if another thread builds one meanwhile.

    Parameters
    ----------
    source : str
        Python.
    filename : str
        What an error calls the text.

    Returns
    -------
    ast.Module
        The tree.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    with _ONE:
        return ast.parse(source, filename)


def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a cell; one that is no Python has an empty tree.

    Parameters
    ----------
    source : str
        The source of a cell; lines that speak to IPython or to the shell are left out.

    Returns
    -------
    ast.Module
        The tree.
    """
    try:
        return parse(python_of(source))
    except SyntaxError:
        return ast.Module([], [])
