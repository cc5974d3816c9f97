"""Datasets and loaders: every item once, in the order that the generator says."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import dlcore as dl
from dlcore.data import DataLoader, Dataset, Subset, TensorDataset, collate


def pairs(n):
    return TensorDataset(np.arange(n, dtype=np.float32)[:, None], np.arange(n))


@settings(deadline=None)
@given(
    n=st.integers(0, 40),
    batch_size=st.integers(1, 12),
    shuffle=st.booleans(),
    drop_last=st.booleans(),
)
def test_every_item_once(n, batch_size, shuffle, drop_last):
    loader = DataLoader(pairs(n), batch_size, shuffle, drop_last, np.random.default_rng(0))
    batches = list(loader)
    assert len(batches) == len(loader)
    seen = [int(y) for _, ys in batches for y in ys.tolist()]
    assert len(set(seen)) == len(seen)
    assert len(seen) == (n // batch_size * batch_size if drop_last else n)
    assert all(len(ys) == batch_size for _, ys in batches[:-1])
    assert all((xs.data[:, 0] == ys.data).all() for xs, ys in batches), "pairs came apart"
    if not shuffle:
        assert seen == sorted(seen)


def orders(loader, passes=2):
    return [[int(y) for _, ys in loader for y in ys.tolist()] for _ in range(passes)]


def test_shuffled_anew_each_pass_and_reproducible():
    first = orders(DataLoader(pairs(20), 3, shuffle=True, rng=np.random.default_rng(5)))
    again = orders(DataLoader(pairs(20), 3, shuffle=True, rng=np.random.default_rng(5)))
    assert first == again
    assert first[0] != first[1]


def test_the_default_generator_is_seeded_by_dlcore_seed():
    dl.seed(3)
    first = orders(DataLoader(pairs(20), 3, shuffle=True))
    dl.seed(3)
    assert orders(DataLoader(pairs(20), 3, shuffle=True)) == first


def test_a_loader_in_order_draws_nothing():
    rng = np.random.default_rng(0)
    list(DataLoader(pairs(5), 2, rng=rng))
    assert rng.random() == np.random.default_rng(0).random()


def test_batches_are_tensors_of_the_arrays_dtypes():
    x, y = next(iter(DataLoader(pairs(4), 2)))
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    assert isinstance(x, dl.Tensor)
    x.data[...] = -1
    assert next(iter(DataLoader(pairs(4), 2)))[0].tolist() == [[0.0], [1.0]]


def test_a_plain_list_is_a_dataset():
    batches = list(DataLoader([([1.0, 2.0], 0), ([3.0, 4.0], 1), ([5.0, 6.0], 0)], 2))
    assert [x.tolist() for x, _ in batches] == [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]
    assert batches[0][0].dtype == np.float32


def test_an_array_is_a_dataset_of_its_rows():
    (batch,) = DataLoader(np.eye(2), 2)
    assert batch.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_subset_is_gathered_like_its_whole():
    part = Subset(Subset(pairs(10), [9, 7, 5, 3]), [2, 0])
    assert len(part) == 2
    assert part[0][1] == 5
    (batch,) = DataLoader(part, 2)
    assert batch[1].tolist() == [5, 9]
    (batch,) = DataLoader(Subset([10, 11, 12], [2, -3]), 2)
    assert batch.tolist() == [12, 10]


def test_a_subset_that_overrides_its_items_is_heard():
    class Doubled(Subset):
        def __getitem__(self, index):
            x, y = super().__getitem__(index)
            return 2 * x, 2 * y

    (batch,) = DataLoader(Doubled(pairs(10), [4, 1]), 2)
    assert batch[1].tolist() == [8, 2]


def test_a_collate_function_of_ones_own():
    loader = DataLoader(pairs(4), 2, collate_fn=lambda items: [int(y) for _, y in items])
    assert list(loader) == [[0, 1], [2, 3]]


def test_collate_tensors_and_single_numbers():
    assert collate([dl.tensor([1.0]), dl.tensor([2.0])]).tolist() == [[1.0], [2.0]]
    assert collate([np.float64(1), np.float64(2)]).dtype == np.float64
    assert collate([1, 2]).dtype == np.int64


@pytest.mark.parametrize("items", [[np.ones(2), np.ones(3)], [[1.0], [1.0, 2.0]]])
def test_collate_of_different_shapes(items):
    with pytest.raises(ValueError, match="one shape in a batch"):
        collate(items)


def test_dicts_make_a_dict_of_batches():
    items = [{"x": np.ones(2), "y": (1, 2.0)}, {"x": np.zeros(2), "y": (3, 4.0)}]
    (batch,) = DataLoader(items, 2)
    assert batch["x"].tolist() == [[1, 1], [0, 0]]
    assert [part.tolist() for part in batch["y"]] == [[1, 3], [2, 4]]
    with pytest.raises(ValueError, match="dicts of the same names"):
        collate([{"x": 1}, {"y": 1}])


@pytest.mark.parametrize(
    ("items", "match"),
    [
        ([[np.ones(2), 1]] * 2, "a list is taken as numbers .* ndarray.*return a tuple"),
        (["a", "b"], "items: .*give collate_fn"),
        ([None, None], "items: .*give collate_fn"),
        ([(1.0, "a")] * 2, "items: .*give collate_fn"),
    ],
)
def test_items_that_are_no_numbers(items, match):
    with pytest.raises(TypeError, match=match):
        list(DataLoader(items, 2))


class Table:
    """What a DataFrame looks like from outside: it has a length, and columns for items."""

    columns = ("a", "b")

    def __len__(self):
        return 2

    def __getitem__(self, name):
        raise KeyError(name)

    def to_numpy(self):
        return np.ones((2, 2))


def test_a_dict_of_numbered_items_is_a_dataset():
    assert [batch.tolist() for batch in DataLoader({0: 1.5, 1: 2.5}, 2)] == [[1.5, 2.5]]


def test_collate_of_different_tuples():
    with pytest.raises(ValueError, match="tuples of one length"):
        collate([(1, 2), (1, 2, 3)])
    with pytest.raises(ValueError, match="tuples of one length"):
        collate([(1, 2), 3])


def test_tensor_dataset_keeps_the_arrays():
    x = np.zeros((3, 2))
    assert TensorDataset(x).arrays[0] is x
    assert TensorDataset(dl.Tensor(x)).arrays[0] is x
    assert isinstance(TensorDataset(x), Dataset)


def test_lists_of_numbers_fit_a_layer():
    (x, y) = next(iter(DataLoader(TensorDataset([[1.0, 2.0]], [0]))))
    assert (x.dtype, y.dtype) == (np.float32, np.int64)


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        ((), "at least one"),
        ((np.ones(3), np.ones(2)), r"same length, got \[3, 2\]"),
        ((np.float32(1),), "got a scalar"),
    ],
)
def test_tensor_dataset_refuses(arrays, match):
    with pytest.raises(ValueError, match=match):
        TensorDataset(*arrays)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((5,), TypeError, "dataset: .* use TensorDataset"),
        ((Table(),), TypeError, r"got a Table.*TensorDataset\(x\.to_numpy\(\)"),
        (({"x": [1], "y": [2]},), TypeError, r"got a dict with \['x', 'y'\].*\.values\(\)"),
        (([1], 0), ValueError, "batch_size: expected at least 1, got 0"),
        (([1], 1.5), TypeError, "batch_size: expected an int, got float"),
        (([1], True), TypeError, "batch_size: expected an int, got bool"),
        (([1], 1, True, False, 7), TypeError, "rng: .*default_rng"),
    ],
)
def test_loader_refuses(arguments, error, match):
    with pytest.raises(error, match=match):
        DataLoader(*arguments)


def test_subset_refuses():
    with pytest.raises(IndexError, match="5 lies outside a dataset of 5 items"):
        Subset(pairs(5), [0, 5])
    with pytest.raises(ValueError, match="one axis"):
        Subset(pairs(5), [[0, 1]])
    with pytest.raises(TypeError, match=r"got bools; use np\.flatnonzero"):
        Subset(pairs(5), np.arange(5) > 2)
