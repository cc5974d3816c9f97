"""The floor counts every matrix product, growth fits known curves, and tricks change no result."""

import numpy as np
import pytest

from tests.bench import floor, growth, measure, tricks
from tests.bench.workloads import STEPS, WORKLOADS, Dense


@pytest.mark.parametrize("name", ["xor", "circles", "mlp"])
def test_the_products_of_a_dense_step_are_all_counted(name: str) -> None:
    """Forward, weights and biases in each layer; the inputs of the first need no gradient."""
    workload = WORKLOADS[name]
    assert isinstance(workload, Dense)
    calls = floor.calls_of_step(workload)
    pairs = list(zip(workload.sizes, workload.sizes[1:], strict=False))
    assert len(calls.products) == 4 * len(pairs) - 1
    products = sum(3 * n * m + m for n, m in pairs) - np.prod(pairs[0])
    expected = 2 * workload.examples * products
    assert sum(floor.flops(operands) for operands in calls.products) == expected


def test_the_products_of_every_time_of_an_lstm_are_counted() -> None:
    """One a time forward and one back, beside those that all times share."""
    products = floor.calls_of_step(WORKLOADS["lstm"]).products
    assert sum(y.shape == (4, 64, 64) for _, y in products) == 100


def test_counting_leaves_the_step_as_it_is() -> None:
    """The third loss of counted steps is that of ordinary ones."""
    counted, ordinary = (STEPS["dlcore"](WORKLOADS["attention"]) for _ in range(2))
    with floor.counting():
        losses = [counted()[0].item() for _ in range(3)]
    assert losses == [ordinary()[0].item() for _ in range(3)]


@pytest.mark.parametrize("trick", tricks.TRICKS)
def test_plain_code_in_place_of_a_trick_learns_the_same(trick: str) -> None:
    """Two steps go down the same losses."""
    workload = WORKLOADS[tricks.TRICKS[trick].workload]
    step = STEPS["dlcore"](workload)
    expected = [step()[0].item() for _ in range(2)]
    with tricks.TRICKS[trick].off():
        step = STEPS["dlcore"](workload)
        assert [step()[0].item() for _ in range(2)] == pytest.approx(expected, rel=1e-4)


def test_slope_and_squared_share_of_known_growth() -> None:
    """Of 2n, of n², and of half and half at the end."""
    sizes = [1, 2, 4, 8]
    assert growth.slope(sizes, [2 * n for n in sizes]) == pytest.approx(1)
    assert growth.slope(sizes, [n * n for n in sizes]) == pytest.approx(2)
    assert growth.squared_share(sizes, [2 * n for n in sizes]) == pytest.approx(0, abs=1e-9)
    assert growth.squared_share(sizes, [8 * n + n * n for n in sizes]) == pytest.approx(0.5)


@pytest.mark.parametrize("name", growth.CURVES)
def test_curves_differ_in_size_alone(name: str) -> None:
    """The batch, or the network, grows by the factor that the sizes say."""
    curve = growth.CURVES[name]
    first, second = curve.workloads()[:2]
    if name == "depth":
        assert isinstance(first, Dense)
        assert isinstance(second, Dense)
        assert len(first.sizes) - 1 == curve.sizes[0]
        assert len(second.sizes) - 1 == curve.sizes[1]
    else:
        assert second.batch()[0].size == 2 * first.batch()[0].size


def test_the_peak_of_a_step_is_that_of_its_arrays() -> None:
    """The first convolution alone makes 64 by 6 by 28 by 28 numbers."""
    found = measure.run(measure.Job(1, "memory", ("dlcore", "lenet"), 1))
    assert found > 64 * 6 * 28 * 28 * 4 / 2**20
