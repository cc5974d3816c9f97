"""The history of a run: columns, table and picture; and the display on stderr."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from dlcore.train import History
from dlcore.train.progress import Progress


def history(n):
    made = History()
    made.epochs += [{"epoch": e, "loss": 1 / e, "accuracy": 1 - 1 / e} for e in range(1, n + 1)]
    return made


def test_columns():
    made = history(3)
    assert list(made.columns) == ["epoch", "loss", "accuracy"]
    assert made["loss"].tolist() == [1, 1 / 2, 1 / 3]
    assert len(made) == 3


def test_a_missing_value_is_nan():
    made = history(1)
    made.epochs.append({"epoch": 2, "loss": 0.5})
    assert np.isnan(made["accuracy"][1])
    assert "nan" in repr(made)


def test_a_column_that_is_not_there():
    with pytest.raises(KeyError, match="'acc': the history has epoch, loss, accuracy"):
        history(1)["acc"]
    with pytest.raises(KeyError, match="no epoch yet"):
        History()["loss"]


def test_repr_is_a_table():
    assert repr(history(2)).splitlines() == [
        "epoch  loss  accuracy",
        "    1     1         0",
        "    2   0.5       0.5",
    ]
    assert repr(History()) == "History: no epoch yet"


def test_repr_of_a_long_run_shows_its_ends():
    lines = repr(history(100)).splitlines()
    assert [line.split()[0] for line in lines] == [
        "epoch", "1", "2", "3", "4", "5", "…", "96", "97", "98", "99", "100",
    ]  # fmt: skip


def test_plot():
    fig = history(4).plot(yscale="log")
    assert [ax.get_ylabel() for ax in fig.axes] == ["loss", "accuracy"]
    with pytest.raises(ValueError, match="at least one epoch"):
        History().plot()


RECORD = {"epoch": 1, "loss": 0.5}


def run_through(display):
    display.batch()
    display.batch()
    display.epoch(RECORD)
    display.close()


def test_a_bar_with_tqdm(capsys, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.delenv("DLCORE_PROGRESS", raising=False)
    run_through(Progress(1, 2))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "epoch 1/1" in captured.err
    assert "2/2" in captured.err
    assert "loss 0.5" in captured.err


def test_a_line_an_epoch_without_tqdm(capsys, monkeypatch):
    monkeypatch.delenv("DLCORE_PROGRESS", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    run_through(Progress(1, None))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "epoch 1/1  loss 0.5\n"


@pytest.mark.parametrize(("setting", "enabled"), [("0", True), ("1", False)])
def test_silence(capsys, monkeypatch, setting, enabled):
    monkeypatch.setenv("DLCORE_PROGRESS", setting)
    run_through(Progress(1, 2, enabled))
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_importing_train_imports_no_tqdm():
    code = "import sys, dlcore.train; sys.exit('tqdm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
