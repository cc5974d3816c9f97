"""Parameters that objects share are described once; a docstring says where.

"The other parameters are those of :class:`Adam`." (or "The parameters …", or several names) in a
docstring stands for the entries of that class or function, as far as the signature has them and
the docstring does not describe them itself. The API page shows them in full.
"""

import importlib
import inspect
import re
from functools import reduce
from typing import Any

SENTENCE = re.compile(r"\bparameters\s+are\s+those\s+of((?:,?\s+(?:and\s+)?:\w+:`[^`]+`)+)")
NAME = re.compile(r"`~?([\w.]+)`")
SECTION = re.compile(r"\n\nParameters\n-{10}\n(.*?)(?=\n\n[A-Z][\w ]+\n-{3,}\n|\Z)", re.DOTALL)
NEXT_SECTION = re.compile(r"\n\n[A-Z][\w ]+\n-{3,}\n|\s*\Z")


class SharedParametersError(ValueError):
    """A docstring refers to entries that are not there, or are not true of its object."""


def completed(obj: Any, doc: str | None = None) -> str:
    """Return a docstring in which the entries stand that it refers to, in the signature's order."""
    doc = inspect.getdoc(obj) or "" if doc is None else doc
    sentence = SENTENCE.search(doc)
    if sentence is None:
        return doc
    own, defaults = entries(doc), _defaults(obj)
    found = own | _taken(obj, NAME.findall(sentence[1]), own)
    order = [*defaults, *found]
    known = [name for name in own if name in defaults]
    if known == sorted(known, key=order.index):  # else the validation is to see the wrong order
        found = dict(sorted(found.items(), key=lambda one: order.index(one[0])))
    place = SECTION.search(doc) or NEXT_SECTION.search(doc)
    assert place  # a docstring has an end
    rest = "" if place.re is SECTION else place[0]
    text = "\n".join(_written(found))
    return f"{doc[: place.start()]}\n\nParameters\n----------\n{text}{rest}{doc[place.end() :]}"


def _taken(obj: Any, names: list[str], own: dict[str, str]) -> dict[str, str]:
    """Return the entries that an object takes from others, and refuse those not true of it."""
    defaults, taken = _defaults(obj), dict[str, str]()
    for name in names:
        target = _object(name, obj.__module__)
        theirs = entries(completed(target))
        new = {n: theirs[n] for n in theirs if n in defaults and n not in own | taken}
        if not new:
            raise SharedParametersError(f"{obj.__qualname__}: takes no parameter from {name}")
        for parameter in new:
            if defaults[parameter] != _defaults(target).get(parameter, defaults[parameter]):
                raise SharedParametersError(
                    f"{obj.__qualname__}: {parameter} has another default than in {name}"
                )
        taken |= new
    return taken


def entries(doc: str) -> dict[str, str]:
    """Return what stands under the name of each parameter: its type and its description."""
    found: dict[str, str] = {}
    section = SECTION.search(doc)
    for block in re.split(r"\n(?=\S)", section[1]) if section else ():
        names, rest = re.fullmatch(r"([^:\n]+?)((?: :|\n).*|)", block, re.DOTALL).groups()
        found |= dict.fromkeys(names.split(", "), rest)
    return found


def _written(found: dict[str, str]) -> list[str]:
    """Write entries; neighbours with the same description share it."""
    groups: list[tuple[list[str], str]] = []
    for name, entry in found.items():
        if groups and groups[-1][1] == entry:
            groups[-1][0].append(name)
        else:
            groups.append(([name], entry))
    return [", ".join(names) + entry for names, entry in groups]


def _defaults(obj: Any) -> dict[str, Any]:
    """Return the parameters of a signature, with stars, and their defaults."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = inspect.signature(obj).parameters.values()
    return {stars.get(one.kind, "") + one.name: one.default for one in found}


def _object(name: str, module: str) -> Any:
    """Find what a name means in a module, or in one of the packages around it."""
    while module:
        try:
            return reduce(getattr, name.split("."), importlib.import_module(module))
        except AttributeError:
            module = module.rpartition(".")[0]
    head, _, last = name.rpartition(".")
    return getattr(importlib.import_module(head), last)
