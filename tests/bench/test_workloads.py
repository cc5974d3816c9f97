"""Every framework does the same work: steps of each workload go down the same losses."""

from typing import Any

import numpy as np
import pytest

from tests.bench import peers
from tests.bench.workloads import STEPS, WORKLOADS, Dense


def number(loss: Any) -> float:
    """Read a loss, which a peer may hand back as a plain number."""
    return float(loss.item() if hasattr(loss, "item") else loss)


def trained(framework: str, name: str) -> np.ndarray:
    """Losses of three steps."""
    step = STEPS[framework](WORKLOADS[name])
    return np.array([[number(loss) for loss in step()] for _ in range(3)])


@pytest.mark.parametrize("name", WORKLOADS)
def test_dlcore_and_torch_go_down_the_same_losses(name: str) -> None:
    """From the same weights on the same batch."""
    ours, theirs = (trained(framework, name) for framework in ("dlcore", "torch"))
    assert ours[0] != pytest.approx(ours[2])
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


@pytest.mark.parametrize("name", [n for n, w in WORKLOADS.items() if isinstance(w, Dense)])
@pytest.mark.parametrize("peer", peers.PEERS)
def test_peers_go_down_the_same_losses(peer: str, name: str) -> None:
    """The dense workloads; micrograd, which has single numbers only, the smallest."""
    if not peers.runs(peer, WORKLOADS[name]):
        assert peer == "micrograd"
        return
    if why := peers.missing(peer):
        pytest.skip(f"{peer}: {why}")
    np.testing.assert_allclose(trained("dlcore", name), trained(peer, name), rtol=1e-4)


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_same_work_on_one_example(name: str) -> None:
    """`of` changes the batch and nothing else."""
    small, whole = WORKLOADS[name].of(1), WORKLOADS[name]
    sizes = [(a.size, b.size) for a, b in zip(small.batch(), whole.batch(), strict=True)]
    assert len({b // a for a, b in sizes}) == 1
    assert small.title == whole.title


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
