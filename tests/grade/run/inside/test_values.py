"""Data, environment, tables and settings are put back; values of a wrong kind are told in words."""

import os
import random
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import dlcore as dl
from dlcore.grade.run.inside import settings
from dlcore.grade.run.inside.kinds import answered, returned, words
from dlcore.grade.run.inside.plain import WrongKindError, own
from dlcore.grade.run.inside.values import Data, Environment, Tables, put_back, same

SAME = [
    (3, 3), (1.5, 1.5), (float("nan"), float("nan")), ("a", "a"), (None, None), (True, True),
    ([1, "a"], [1, "a"]), ((1, 2), (1, 2)), ({"a": [1]}, {"a": [1]}),
    (np.arange(3), np.arange(3)), (np.array([np.nan]), np.array([np.nan])),
]  # fmt: skip
OTHER = [
    (3, 4), (1, 1.0), (1, True), ("a", "b"), ([1], [2]), ([1], [1, 2]), ((1,), [1]),
    ({"a": 1}, {"b": 1}), ({"a": 1}, {"a": 2}),
    (np.arange(3), np.arange(4)), (np.arange(3), np.arange(3.0)), (np.zeros(2), np.ones(2)),
]  # fmt: skip


@pytest.mark.parametrize(("value", "old"), SAME)
def test_what_is_the_same(value: Any, old: Any) -> None:
    assert same(value, old)
    assert put_back(value, old, own) is value


@pytest.mark.parametrize(("value", "old"), OTHER)
def test_what_has_changed_is_put_back(value: Any, old: Any) -> None:
    assert not same(value, old)
    assert same(put_back(value, old, own), old)


@pytest.mark.parametrize("change", [[0, 9], {"a": 9}, np.zeros(2)], ids=["list", "dict", "array"])
def test_other_names_for_a_changed_value_see_it_put_back(change: Any) -> None:
    old = {list: [1, 2], dict: {"a": 1}, np.ndarray: np.ones(2)}[type(change)]
    assert put_back(change, old, own) is change
    assert same(change, old)


def test_an_array_that_cannot_be_written_to_is_made_anew() -> None:
    locked = np.frombuffer(b"\0\0", np.uint8)
    made = put_back(locked, np.array([1, 2], np.uint8), own)
    assert made is not locked
    assert made.tolist() == [1, 2]


def test_data_of_the_exercise_get_their_names_and_content_back() -> None:
    data = Data(frozenset({"labels", "houses", "absent"}), own)
    space: dict[str, Any] = {"labels": np.array([1, 2]), "houses": [3], "mine": 1}
    data.look(space)
    assert data.restore(space) == 0
    space["labels"][:] = 0
    space["houses"] = "mine now"
    space["mine"] = 2
    assert data.restore(space) == 2
    assert space["labels"].tolist() == [1, 2]
    assert space["houses"] == [3]
    assert space["mine"] == 2
    space["houses"].append(4)  # a second time
    assert data.restore(space) == 1
    assert space["houses"] == [3]


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Two variables of the environment that end with the test."""
    monkeypatch.setenv("DLCORE_DATA", "there")
    monkeypatch.setenv("SOME_OTHER", "old")
    monkeypatch.delenv("SOME_NEW", raising=False)
    yield monkeypatch
    os.environ.pop("SOME_NEW", None)


def test_the_environment_is_put_back(variables: pytest.MonkeyPatch) -> None:
    environment = Environment()
    assert environment.restore() == 0
    os.environ["DLCORE_DATA"] = "elsewhere"
    os.environ["SOME_NEW"] = "new"
    del os.environ["SOME_OTHER"]
    assert environment.restore() == 1  # it counts what is dlcore's own
    assert os.environ["DLCORE_DATA"] == "there"
    assert os.environ["SOME_OTHER"] == "old"
    assert "SOME_NEW" not in os.environ
    os.environ["SOME_NEW"] = "by the exercise"
    environment.look()
    assert environment.restore() == 0
    assert os.environ["SOME_NEW"] == "by the exercise"


def test_tables_of_dlcore_are_put_back() -> None:
    entry = types.SimpleNamespace(sha256="ab")
    files, rows = {"tiny": entry}, {"relu": 1}
    tables = Tables()
    tables.add("numpy.lib", {"FILES": {"a": entry}})
    tables.add("dlcore.data.files", {"FILES": files, "ROWS": rows, "small": {"x": 1}})
    assert tables.restore() == 0
    entry.sha256 = "cd"
    rows["relu"] = 2
    rows["new"] = 3
    del files["tiny"]
    assert tables.restore() == 3
    assert (entry.sha256, rows, files) == ("ab", {"relu": 1, "new": 3}, {"tiny": entry})


def test_settings_are_put_back() -> None:
    found = [get() for get, _ in settings.SETTINGS]
    settings.keep()
    limit, path = sys.getrecursionlimit(), list(sys.path)
    with np.errstate(), np.printoptions(), warnings.catch_warnings():
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        warnings.simplefilter("ignore")
        sys.path.insert(0, "/nowhere")
        sys.setrecursionlimit(limit + 10)
        random.random()
        dl.seed(7)
        settings.put_back()
        assert np.geterr() == found[0]
        assert np.get_printoptions()["precision"] == found[1]["precision"]
        assert tuple(warnings.filters) == found[2]
        assert sys.getrecursionlimit() == limit
        assert sys.path == path
        assert random.getstate() == found[6]
        default = dl.random._default
        assert (default, default.bit_generator.state) == found[-1]


def test_a_list_of_numbers_does_for_an_array() -> None:
    seen: list[Any] = []
    value = returned([[1, 2], [3, 4]], "f", [], seen)
    assert seen == ["f returned a list of 2", 0]
    assert value.shape == (2, 2)
    assert value[:, 1].tolist() == [2, 4]
    assert value[0] == [1, 2]
    for made, expected in [
        (value * 2.0, [[2, 4], [6, 8]]), (2.0 * value, [[2, 4], [6, 8]]),
        (value + np.ones(2), [[2, 3], [4, 5]]), (np.ones(2) + value, [[2, 3], [4, 5]]),
        (value - 1, [[0, 1], [2, 3]]), (1 - value, [[0, -1], [-2, -3]]),
        (value / 2, [[0.5, 1], [1.5, 2]]), (value @ np.eye(2), [[1, 2], [3, 4]]),
        (-value, [[-1, -2], [-3, -4]]),
    ]:  # fmt: skip
        np.testing.assert_allclose(made, expected)
    assert value * 2 == [[1, 2], [3, 4], [1, 2], [3, 4]]  # a list in all else
    assert value + [5] == [[1, 2], [3, 4], 5]  # noqa: RUF005
    with pytest.raises(AttributeError, match="'list' object has no attribute '_nothing'"):
        _ = value._nothing


@pytest.mark.parametrize("value", [["a"], [[1], [1, 2]]], ids=["texts", "uneven"])
def test_another_list_stays_one(value: list[Any]) -> None:
    assert type(returned(value, "f", [], [])) is list


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (3, "number", 3), (np.float64(2.5), "number", 2.5), (np.array([4]), "number", 4),
        ("3 ms", "quantity", "3 ms"), (5, "quantity", 5), ("b", "str", "b"), ([1], "list", [1]),
    ],
)  # fmt: skip
def test_an_answer_of_the_right_kind(value: Any, kind: str, expected: Any) -> None:
    assert answered({"answer_1": value}, "answer_1", kind, []) == expected


@pytest.mark.parametrize(
    ("names", "kind", "message"),
    [
        ({}, "number", "answer_1 is not defined: give your answer to this name"),
        (
            {"answer_1": "15"},
            "number",
            "a number was expected, got the text '15': write it without",
        ),
        ({"answer_1": [1, 2]}, "number", "a number was expected, got a list of 2"),
        ({"answer_1": None}, "number", "got None"),
        ({"answer_1": 4}, "str", "a text was expected, got the number 4"),
        ({"answer_1": np.ones((2, 3))}, "dict", "a dictionary was expected, got an array of shape"),
    ],
)
def test_an_answer_of_a_wrong_kind(names: dict[str, Any], kind: str, message: str) -> None:
    with pytest.raises(WrongKindError) as caught:
        answered(names, "answer_1", kind, [])
    assert message in str(caught.value)


def test_words_for_what_came() -> None:
    assert words(True) == "True"
    assert words({"a": 1}) == "a dict of 1"
    assert words(object()) == "an object of the class object"
