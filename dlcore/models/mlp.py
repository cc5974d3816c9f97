"""The multilayer perceptron: affine maps with an activation between them."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dlcore import nn
from dlcore.random import default_rng


class MLP(nn.Sequential):
    """Dense layers with an activation after each but the last.

    Parameters
    ----------
    sizes : sequence of at least two int
        Inputs, widths of the hidden layers, outputs.
    activation : callable
        Makes the activations; a class such as ``nn.ReLU`` or ``nn.Tanh``.
    rng : numpy.random.Generator, optional
        Source of the initial weights.

    Raises
    ------
    ValueError
        If there are fewer than two sizes.

    Notes
    -----
    The state dict has the names that ``torch.nn.Sequential`` gives the same layers. Derived in
    Chapter 7.

    Examples
    --------
    >>> import dlcore as dl
    >>> model = MLP([64, 32, 10], rng=np.random.default_rng(0))
    >>> print(model(dl.zeros(5, 64)).shape, list(model.state_dict()))
    (5, 10) ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Callable[[], nn.Module] = nn.ReLU,
        rng: np.random.Generator | None = None,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(f"sizes: expected at least inputs and outputs, got {list(sizes)}")
        rng = default_rng(rng)
        layers: list[nn.Module] = []
        for n_in, n_out in pairwise(sizes):
            layers += [nn.Linear(n_in, n_out, rng=rng), activation()]
        super().__init__(*layers[:-1])
