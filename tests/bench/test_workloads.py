"""Every framework does the same work: steps of each workload go down the same losses."""

import numpy as np
import pytest

from tests.bench.workloads import STEPS, WORKLOADS, Dense


def trained(framework: str, name: str) -> np.ndarray:
    """Losses of three steps."""
    step = STEPS[framework](WORKLOADS[name])
    return np.array([[loss.item() for loss in step()] for _ in range(3)])


@pytest.mark.parametrize("name", WORKLOADS)
def test_dlcore_and_torch_go_down_the_same_losses(name: str) -> None:
    """From the same weights on the same batch."""
    ours, theirs = (trained(framework, name) for framework in ("dlcore", "torch"))
    assert ours[0] != pytest.approx(ours[2])
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


@pytest.mark.parametrize("name", [n for n, w in WORKLOADS.items() if isinstance(w, Dense)])
def test_weights_of_dense_networks_are_those_that_the_others_get(name: str) -> None:
    """A framework without torch's layers starts from the list that `weights` gives."""
    workload = WORKLOADS[name]
    assert isinstance(workload, Dense)
    x, target = workload.batch()
    flat = workload.weights()
    pairs = list(zip(flat[::2], flat[1::2], strict=True))
    for i, (w, b) in enumerate(pairs):
        x = x @ w.T + b
        if i < len(pairs) - 1:
            x = np.tanh(x) if workload.activation == "Tanh" else np.maximum(x, 0)
    total = np.log(np.exp(x).sum(axis=1))
    loss = np.mean(total - x[np.arange(len(x)), target])
    assert trained("torch", name)[0, 0] == pytest.approx(loss, rel=1e-5)
