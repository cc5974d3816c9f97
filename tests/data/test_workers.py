"""Background workers: the same batches in the same order, bounded, and gone when not needed."""

import json
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, strategies as st

import dlcore as dl
from dlcore.data import DataLoader, TensorDataset
from dlcore.data.workers import in_background


def pairs(n):
    return TensorDataset(np.arange(n, dtype=np.float32)[:, None], np.arange(n))


def loader(n=23, seed=5, dataset=None, **options):
    rng = np.random.default_rng(seed)
    return DataLoader(dataset or pairs(n), 3, shuffle=True, rng=rng, **options)


def seen(batches):
    return [y.tolist() for _, y in batches]


def workers_alive():
    return [t for t in threading.enumerate() if t.name.startswith("dlcore-loader")]


@given(n=st.integers(0, 30), num_workers=st.integers(1, 4), prefetch_factor=st.integers(1, 3))
def test_the_same_batches_in_the_same_order(n, num_workers, prefetch_factor):
    options = {"num_workers": num_workers, "prefetch_factor": prefetch_factor}
    plain, threaded = loader(n), loader(n, **options)
    for _ in range(2):
        assert seen(threaded) == seen(plain)
    assert not workers_alive()


def test_the_work_is_done_by_other_threads_and_ahead():
    """A batch that waits for the next one's worker shows that two are made at once."""
    meeting = threading.Barrier(2, timeout=30)

    class Meeting(list):
        def __getitem__(self, index):
            meeting.wait()
            return (index, threading.current_thread().name)

    made = DataLoader(Meeting(range(2)), 1, collate_fn=lambda items: items[0], num_workers=2)
    batches = list(made)
    assert [index for index, _ in batches] == [0, 1]
    assert len({name for _, name in batches}) == 2
    assert all(name.startswith("dlcore-loader") for _, name in batches)


@pytest.mark.parametrize(("num_workers", "prefetch_factor"), [(1, 1), (2, 1), (2, 3)])
def test_the_queue_is_bounded(num_workers, prefetch_factor):
    begun = []

    class Counting(list):
        def __getitem__(self, index):
            begun.append(index)
            return (np.zeros(1), index)

    bound = num_workers * prefetch_factor
    batches = iter(
        DataLoader(Counting(range(50)), 1, num_workers=num_workers, prefetch_factor=prefetch_factor)
    )
    for used in range(1, 20):
        next(batches)
        assert len(begun) <= used + bound
    batches.close()


@pytest.mark.parametrize("num_workers", [0, 2])
def test_an_error_comes_in_its_place_with_the_number_of_the_batch(num_workers):
    class Broken(list):
        def __getitem__(self, index):
            if index == 7:
                raise OSError("cannot read item 7")
            return (np.zeros(1), index)

    got = []
    with pytest.raises(OSError, match="cannot read item 7") as caught:
        got.extend(DataLoader(Broken(range(12)), 3, num_workers=num_workers))
    assert caught.value.__notes__ == ["while batch 2 of the pass was made (the first is 0)"]
    assert not got or len(got) == 2
    assert not workers_alive()


def test_stopping_early_ends_the_workers():
    for _ in loader(300, num_workers=3):
        assert workers_alive()
        break
    assert not workers_alive()


def test_a_browser_has_no_threads(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(threading.Thread, "start", lambda _: pytest.fail("a thread was started"))
    assert seen(loader(num_workers=2)) == seen(loader())


def test_results_of_jobs_without_end():
    def forever():
        n = 0
        while True:
            yield n
            n += 1

    results = in_background(lambda n: -n, forever(), num_workers=2, ahead=2)
    assert [next(results) for _ in range(4)] == [0, -1, -2, -3]
    results.close()
    assert not workers_alive()


@pytest.mark.parametrize("num_workers", [0, 2])
@pytest.mark.parametrize("stop", range(9))
def test_a_loader_goes_on_where_another_stopped(stop, num_workers):
    unbroken = loader()
    expected = seen(unbroken) + seen(unbroken) + seen(unbroken)
    first, second = loader(num_workers=num_workers), loader(seed=99, num_workers=num_workers)
    got = seen(first)
    for number, (_, y) in enumerate(first, start=1):
        got.append(y.tolist())
        if number == stop:
            break
    state = json.loads(json.dumps(first.state_dict()))
    assert state["position"] == (stop if stop > 0 else 0)
    second.load_state_dict(state)
    got += seen(second) + seen(second) if stop else seen(second)
    assert got == expected


def test_a_state_at_the_last_batch_has_an_empty_rest():
    first, second = loader(6), loader(6)
    for _ in first:
        state = first.state_dict()
    assert state["position"] == 2
    second.load_state_dict(state)
    assert seen(second) == []
    assert len(seen(second)) == 2
    assert first.state_dict()["position"] == 0


def test_a_generator_that_is_shared_goes_on_too():
    """What others drew from it in the middle of the pass is not undone."""
    first = loader()
    batches = iter(first)
    next(batches)
    first.rng.random(3)
    state, expected = first.state_dict(), first.rng.random()
    second = loader(seed=0)
    second.load_state_dict(state)
    assert seen(second) == seen(batches)
    assert second.rng.random() == expected


def test_a_loader_in_order_and_the_default_generator():
    plain = DataLoader(pairs(5), 2)
    next(iter(plain))
    state = plain.state_dict()
    assert state == {"position": 1, "start": None, "rng": None}
    again = DataLoader(pairs(5), 2)
    again.load_state_dict(state)
    assert seen(again) == [[2, 3], [4]]
    dl.seed(1)
    shuffled = DataLoader(pairs(5), 2, shuffle=True)
    state = shuffled.state_dict()
    expected = seen(shuffled)
    shuffled.load_state_dict(state)
    assert seen(shuffled) == expected


@pytest.mark.parametrize(
    ("state", "match"),
    [
        ({}, "not the state of a DataLoader: no position"),
        ({"position": 9, "start": None, "rng": {}}, "expected that of 8 batches .*position 9"),
        ({"position": 0, "start": None, "rng": None}, "got position 0 and shuffle=False"),
    ],
)
def test_another_state_is_refused(state, match):
    with pytest.raises(ValueError, match=match):
        loader().load_state_dict(state)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"num_workers": -1}, ValueError, "num_workers: expected at least 0, got -1"),
        ({"num_workers": 1.0}, TypeError, "num_workers: expected an int, got float"),
        ({"prefetch_factor": 0}, ValueError, "prefetch_factor: expected at least 1, got 0"),
    ],
)
def test_workers_refused(options, error, match):
    with pytest.raises(error, match=match):
        loader(**options)
