"""Values that the guard remembers and puts back: data of the exercise, tables, the environment.

The source of this file goes to the kernel with that of `state`.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np

# Written in C and held here, so that patching does not lead the guard astray.
_put, _unset = os.putenv, os.unsetenv
_SCALARS = (int, float, complex, str, bytes, bool)


def same(value: Any, old: Any) -> bool:
    """Say whether a value is still what its copy was made of."""
    kind = type(value)
    if kind is not type(old):
        return False
    if kind is np.ndarray:
        if value.shape != old.shape or value.dtype != old.dtype:
            return False
        return value.dtype.hasobject or np.ndarray.tobytes(value) == np.ndarray.tobytes(old)
    if kind in (list, tuple):
        return len(value) == len(old) and all(map(same, value, old))
    if kind is dict:
        return value.keys() == old.keys() and all(same(value[key], old[key]) for key in old)
    return value is old or (kind in _SCALARS and (value == old or value != value))


def put_back(value: Any, old: Any, own: Callable[[Any], Any]) -> Any:
    """Give a value its content back, in place where that can be done; return it."""
    if same(value, old):
        return value
    kind = type(value)
    if kind is not type(old):
        return own(old)
    if kind is list:
        value[:] = own(old)
    elif kind is dict:
        dict.clear(value)
        dict.update(value, own(old))
    elif kind is np.ndarray and value.shape == old.shape and value.dtype == old.dtype:
        try:
            np.ndarray.setflags(value, write=True)
            np.ndarray.__setitem__(value, ..., old)
        except ValueError:  # it was a view of what cannot be written to
            return own(old)
    else:
        return own(old)
    return value


class Data:
    """Values that the exercise gives under some names, and copies that nobody else can reach."""

    def __init__(self, names: frozenset[str], own: Callable[[Any], Any]) -> None:
        self.names, self.own = names, own
        self.found: dict[str, tuple[Any, Any]] = {}

    def look(self, space: dict[str, Any]) -> None:
        """Take what a cell of the exercise has defined."""
        self.found = {name: (space[name], self.own(space[name])) for name in self.names & {*space}}

    def restore(self, space: dict[str, Any]) -> int:
        """Give names and values back what they were; return how many had changed."""
        changed = 0
        for name, (value, old) in self.found.items():
            if space.get(name) is value and same(value, old):
                continue
            changed += 1
            space[name] = put_back(value, old, self.own)
            self.found[name] = space[name], old
        return changed


class Environment:
    """The variables of the environment, of which some say where data sets lie."""

    def __init__(self) -> None:
        self.space = vars(os.environ)["_data"]
        self.old = dict(self.space)

    def look(self) -> None:
        """Take what a cell of the exercise has set."""
        self.old = dict(self.space)

    def restore(self) -> int:
        """Put everything back; return how many of dlcore's own had changed."""
        different = {k for k in {*self.space, *self.old} if self.space.get(k) != self.old.get(k)}
        for key in different:
            if key in self.old:
                self.space[key] = self.old[key]
                _put(key, self.old[key])
            else:
                del self.space[key]
                _unset(key)
        return sum(b"DLCORE" in os.fsencode(key) for key in different)


class Tables:
    """Dictionaries of dlcore that name what there is: data files and their sums, layers, rules."""

    def __init__(self) -> None:
        self.tables: dict[int, tuple[dict[Any, Any], dict[Any, Any]]] = {}
        self.entries: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def add(self, name: str, space: dict[str, Any]) -> None:
        """Remember the tables of a module, and what the entries of that of files say."""
        if name.split(".")[0] != "dlcore":
            return
        for key, table in space.items():
            if type(table) is dict and key.isupper() and id(table) not in self.tables:
                self.tables[id(table)] = table, dict(table)
                if key == "FILES":
                    spaces: list[Any] = [vars(one) for one in table.values()]
                    self.entries += [(space, dict(space)) for space in spaces]

    def restore(self) -> int:
        """Give entries back what they were; new ones stay. Return how many had changed."""
        changed = 0
        for now, old in (*self.tables.values(), *self.entries):
            lost = {key: value for key, value in old.items() if now.get(key) is not value}
            dict.update(now, lost)
            changed += len(lost)
        return changed
