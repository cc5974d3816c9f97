"""Dropout of channels beside torch's."""

import numpy as np
import torch
import torch.nn.functional as TF

import dlcore.functional as F


def test_dropout2d_drops_whole_channels_and_keeps_the_mean_as_torchs_does() -> None:
    x = np.ones((200, 50, 2, 3))
    ours = F.dropout2d(x, 0.3, rng=np.random.default_rng(0)).data
    theirs = TF.dropout2d(torch.tensor(x), 0.3).numpy()
    for out in (ours, theirs):
        assert set(np.unique(out).round(6)) == {0.0, round(1 / 0.7, 6)}
        assert (out == out[:, :, :1, :1]).all()
        assert abs(out.mean() - 1) < 0.04  # six standard deviations of (0.3 / 0.7 / 10,000)^0.5
    np.testing.assert_array_equal(F.dropout2d(x, 0.3, training=False).data, x)
