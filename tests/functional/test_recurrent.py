"""Recurrent layers as functions, beside torch's cells."""

import numpy as np
import pytest
import torch

import dlcore.functional as F

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("reverse", [False, True])
def test_lstm_equals_its_cell_and_torchs_step_by_step(reverse: bool) -> None:
    x, hx = RNG.normal(size=(5, 2, 3)), [RNG.normal(size=(2, 4)) for _ in "hc"]
    weights = [RNG.normal(size=shape) for shape in [(16, 3), (16, 4), (16,), (16,)]]
    out, last = F.lstm(x, (hx[0], hx[1]), *weights, reverse=reverse)
    ours, theirs = (hx[0], hx[1]), [torch.tensor(h) for h in hx]
    for t in range(5)[:: -1 if reverse else 1]:
        ours = F.lstm_cell(x[t], ours, *weights)
        theirs = torch.lstm_cell(torch.tensor(x[t]), theirs, *map(torch.tensor, weights))
        for got, want in zip([*ours, out[t]], [*theirs, theirs[0]], strict=True):
            np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)
    np.testing.assert_allclose(last[1].data, theirs[1].numpy(), rtol=1e-12)
