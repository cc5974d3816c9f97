"""Tensors made from shapes and numbers."""

from typing import Any

import numpy as np
import pytest

import dlcore as dl


def test_makers_of_tensors() -> None:
    assert dl.zeros(2, 3).shape == dl.zeros((2, 3)).shape == (2, 3)
    assert dl.ones(2, dtype=np.float64).dtype == np.float64
    assert dl.full((2,), 7.0).tolist() == [7.0, 7.0]
    assert dl.eye(2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert dl.arange(3).tolist() == [0, 1, 2]
    assert dl.arange(3).dtype == np.int64
    assert dl.arange(0, 1, 0.5).dtype == np.float32
    assert dl.rand(4, requires_grad=True).requires_grad


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: dl.zeros(2, -1), ValueError, r"shape: .* at least 0, got \(2, -1\)"),
        (lambda: dl.full((-3,), 1.0), ValueError, r"shape: .* at least 0, got \(-3,\)"),
        (lambda: dl.randn(2.5), TypeError, r"shape: expected whole numbers, got \(2.5,\)"),
        (lambda: dl.eye(2, -1), ValueError, "eye: n and m must be at least 0, got 2 and -1"),
        (lambda: dl.arange(0, 3, 0), ValueError, "arange: no numbers lead from 0 to 3 in steps"),
        (lambda: dl.arange(0, -3, 2), ValueError, "arange: no numbers lead from 0 to -3"),
        (lambda: dl.arange(0, np.inf), ValueError, "arange: no numbers lead from 0 to inf"),
    ],
)
def test_what_cannot_be_made_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
