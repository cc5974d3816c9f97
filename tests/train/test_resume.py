"""A run that is killed, at any moment, goes on from its checkpoint and ends with the same bits."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore import data, metrics, nn, optim, train
from dlcore.storage import whole
from dlcore.train import CheckpointError, load_checkpoint, save_checkpoint
from tests.processes import unmeasured

MORTAL = Path(__file__).with_name("mortal.py")


def live(folder, *death):
    """Run until the end or death; return the exit code."""
    command = [sys.executable, str(MORTAL), str(folder / "run.safetensors"), str(folder / "result")]
    done = subprocess.run(
        [*command, *death], capture_output=True, text=True, check=False, env=unmeasured()
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    assert live(folder) == 0
    return json.loads((folder / "result").read_text())


LIVES = np.random.default_rng(2024).integers(1, 30, size=(3, 2)).tolist()


@pytest.mark.parametrize("steps", LIVES, ids=str)
def test_killed_at_random_batches(tmp_path, unbroken, steps):
    first, second = map(str, steps)
    assert live(tmp_path, "batch", first) == -signal.SIGKILL
    live(tmp_path, "batch", second)
    assert live(tmp_path) == 0
    assert json.loads((tmp_path / "result").read_text()) == unbroken


@pytest.mark.parametrize(
    "moment", ["before fsync", "after fsync", "before replace", "after replace"]
)
def test_killed_while_the_checkpoint_is_written(tmp_path, unbroken, moment):
    assert live(tmp_path, moment, "5") == -signal.SIGKILL
    assert live(tmp_path) == 0
    assert json.loads((tmp_path / "result").read_text()) == unbroken
    assert sorted(p.name for p in tmp_path.iterdir()) == ["result", "run.safetensors"]


def test_a_finished_run_is_not_trained_again(tmp_path, unbroken):
    for _ in range(2):
        assert live(tmp_path, "batch", "99") == 0
        assert json.loads((tmp_path / "result").read_text()) == unbroken


def parts(seed=0, width=3):
    model = nn.Sequential(
        nn.Linear(2, width, rng=np.random.default_rng(seed)),
        nn.Dropout(0.5, rng=np.random.default_rng(seed)),
    )
    return {"model": model, "optimizer": optim.SGD(model.parameters(), lr=0.1, momentum=0.9)}


def train_a_little(own):
    model, optimizer = own["model"], own["optimizer"]
    model(dl.tensor([[1.0, 2.0]])).sum().backward()
    optimizer.step()


def test_everything_comes_back(tmp_path):
    saved, loaded = parts(), parts(seed=1)
    train_a_little(saved)
    extra = {"epoch": 3, "best": float("inf"), "scores": np.arange(3), 5: (1, None, [True, "x"])}
    extra["scores"] = dl.Tensor(extra["scores"])
    extra["count"] = np.int64(4)
    save_checkpoint(tmp_path / "new" / "a.safetensors", saved, extra)
    expected = dl.rand(3).tolist(), saved["model"][1].rng.random()
    again = load_checkpoint(tmp_path / "new" / "a.safetensors", loaded)
    assert again.pop("scores").tolist() == [0, 1, 2]
    assert again == {k: v for k, v in extra.items() if k != "scores"}
    for name, array in saved["model"].state_dict().items():
        assert np.array_equal(loaded["model"].state_dict()[name], array)
    for number, state in saved["optimizer"].state_dict()["state"].items():
        other = loaded["optimizer"].state_dict()["state"][number]
        assert np.array_equal(other["momentum_buffer"], state["momentum_buffer"])
    assert (dl.rand(3).tolist(), loaded["model"][1].rng.random()) == expected


def test_names_that_meet_are_kept_apart(tmp_path):
    extra = {"a": {"b.c": np.zeros(1)}, "a.b": {"c": np.ones(1)}}
    save_checkpoint(tmp_path / "a", {}, extra)
    again = load_checkpoint(tmp_path / "a", {})
    assert (again["a"]["b.c"].item(), again["a.b"]["c"].item()) == (0.0, 1.0)


def test_a_generator_whose_state_has_arrays(tmp_path):
    saved, loaded = parts(), parts()
    for own in (saved, loaded):
        own["model"][1].rng = np.random.Generator(np.random.MT19937(7))
    saved["model"][1].rng.random(5)
    save_checkpoint(tmp_path / "a", saved)
    load_checkpoint(tmp_path / "a", loaded)
    assert loaded["model"][1].rng.random() == saved["model"][1].rng.random()


def test_the_weights_are_there_for_others(tmp_path):
    saved = parts()
    save_checkpoint(tmp_path / "a.safetensors", saved)
    tensors = train.load_file(tmp_path / "a.safetensors")
    assert np.array_equal(tensors["model.0.weight"], saved["model"].state_dict()["0.weight"])


@pytest.mark.parametrize("keep", [0, 4, 100, 0.5, 0.9, -1])
def test_a_truncated_file_is_refused(tmp_path, keep):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, parts())
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content)) if 0 < keep < 1 else keep])
    with pytest.raises(CheckpointError, match=r"a\.safetensors: this (is no|safetensors file is)"):
        load_checkpoint(path, parts())


def test_a_flipped_bit_is_refused_wherever_it_is(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, parts(), extra="nothing")
    content = path.read_bytes()
    own = parts(seed=3)
    before = {k: v.copy() for k, v in own["model"].state_dict().items()}
    for position in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[position] ^= 4
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError):
            load_checkpoint(path, own)
    assert all((own["model"].state_dict()[k] == v).all() for k, v in before.items())


def test_the_checkpoint_of_another_run_is_refused(tmp_path):
    path = tmp_path / "a.safetensors"
    with pytest.raises(CheckpointError, match="there is no such checkpoint"):
        load_checkpoint(path, parts())
    save_checkpoint(path, parts())
    with pytest.raises(CheckpointError, match=r"another run: model: .*0\.weight must have shape"):
        load_checkpoint(path, parts(width=4))
    with pytest.raises(CheckpointError, match=r"the parts model, optimizer; .* has model"):
        load_checkpoint(path, {"model": parts()["model"]})
    other = parts()
    other["model"][1].rng = None
    with pytest.raises(CheckpointError, match=r"the generators default, model\.1\.rng;"):
        load_checkpoint(path, other)
    train.save_file({"w": np.ones(2)}, path)
    with pytest.raises(CheckpointError, match="expected a dlcore checkpoint 1, got None"):
        load_checkpoint(path, parts())


def test_a_state_that_cannot_be_kept_is_named(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, parts(), "first")
    with pytest.raises(TypeError, match=r"extra\.a\.1: function cannot be kept"):
        save_checkpoint(path, parts(), {"a": [1, lambda: None]})
    assert load_checkpoint(path, parts()) == "first"


FULL_DISK = """
import resource, signal, sys
import numpy as np
from dlcore import nn, train

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
model, path = nn.Linear(100, 100), sys.argv[1]
train.save_checkpoint(path, {"model": model}, "first")
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    train.save_checkpoint(path, {"model": model}, "second")
except OSError as error:
    print(error)
print(train.load_checkpoint(path, {"model": model}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_leaves_the_earlier_checkpoint(tmp_path):
    path = tmp_path / "a.safetensors"
    command = [sys.executable, "-c", FULL_DISK, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=unmeasured())
    said, extra = done.stdout.splitlines()
    assert "a.safetensors could not be written" in said
    assert said.endswith("the one that was there is as it was")
    assert extra == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_no_space_left_says_so(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(whole.os, "fsync", full)
    with pytest.raises(OSError, match=r"a could not be written \(No space left on device\)$"):
        save_checkpoint(tmp_path / "a", parts())
    assert list(tmp_path.iterdir()) == []


def a_run(loader, epochs, **options):
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    history = train.fit(model, loader, nn.MSELoss(), optimizer, epochs, progress=False, **options)
    return model.weight.item(), history.epochs


def test_a_plain_list_is_resumed_by_skipping(tmp_path):
    batches = [(dl.tensor([[float(i)]]), dl.tensor([[1.0]])) for i in range(5)]
    expected = a_run(batches, 4)

    class StopError(Exception):
        pass

    class Stopping(train.Callback):
        def on_batch_end(self, run):
            if (run.epoch, run.batch) == (2, 4):
                raise StopError

    options = {"checkpoint": tmp_path / "a", "checkpoint_every": 1}
    with pytest.raises(StopError):
        a_run(batches, 4, callbacks=[Stopping()], **options)
    assert a_run(batches, 4, callbacks=[train.Callback()], resume=True, **options) == expected


@pytest.mark.parametrize("stop", [(1, 1), (2, 3), (3, 2), (4, 4)])
def test_a_run_that_failed_in_the_middle_of_an_epoch(tmp_path, stop):
    """Its scores so far, early stopping and a shuffled validation come back as well."""

    def run(**options):
        x, y = data.moons(40, rng=np.random.default_rng(0))
        pairs = data.TensorDataset(x, y)
        loaders = [
            data.DataLoader(pairs, 10, shuffle=True, rng=np.random.default_rng(k)) for k in (1, 2)
        ]
        model = nn.Sequential(nn.Linear(2, 4, rng=np.random.default_rng(3)), nn.Tanh())
        stopping = train.EarlyStopping(patience=1)
        callbacks = [stopping, options.pop("callback", train.Callback())]
        optimizer = optim.SGD(model.parameters(), lr=0.5)
        history = train.fit(
            model, loaders[0], nn.CrossEntropyLoss(), optimizer, 5,
            schedule=optim.lr_scheduler.ExponentialLR(optimizer, 0.9), validation=loaders[1],
            metrics={"exact": metrics.accuracy, "a": metrics.Accuracy()},
            callbacks=callbacks, progress=False, **options,
        )  # fmt: skip
        best = {name: w.tolist() for name, w in stopping.weights.items()}
        end = [p.tolist() for p in model.parameters()]
        return history.epochs, end, best, stopping.best, stopping.best_epoch

    class FailError(Exception):
        pass

    class Failing(train.Callback):
        def on_batch_end(self, run):
            if (run.epoch, run.batch) == stop:
                raise FailError

    options = {"checkpoint": tmp_path / "a", "checkpoint_every": 1}
    with pytest.raises(FailError):
        run(callback=Failing(), **options)
    assert run(resume=True, **options) == run()


def test_more_epochs_go_on_and_without_resume_it_starts_anew(tmp_path):
    x = np.linspace(-1, 1, 8, dtype=np.float32)[:, None]

    def loader():
        return data.DataLoader(
            data.TensorDataset(x, 2 * x), 2, shuffle=True, rng=np.random.default_rng(0)
        )

    path = tmp_path / "a"
    a_run(loader(), 2, checkpoint=path)
    assert a_run(loader(), 5, checkpoint=path, resume=True) == a_run(loader(), 5)
    assert a_run(loader(), 2, checkpoint=path) == a_run(loader(), 2)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"resume": True}, "checkpoint: resume and checkpoint_every need the path"),
        ({"checkpoint_every": 2}, "checkpoint: resume and checkpoint_every need the path"),
        ({"checkpoint": "a", "checkpoint_every": 0}, "checkpoint_every: expected at least 1"),
    ],
)
def test_refused(options, match):
    with pytest.raises(ValueError, match=match):
        a_run([], 1, **options)
