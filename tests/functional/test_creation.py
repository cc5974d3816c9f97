"""Tensors made from shapes and numbers."""

import numpy as np

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
