"""Pack: small parameters laid end to end, so that one call of NumPy serves them all.

A step of Adam is a dozen passes over each array. On an array of ten numbers a pass is nothing but
the half microsecond that calling NumPy takes, so fourteen such arrays cost fourteen times as much
as one. A :class:`Pack` copies them into one array, and the answer back out of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor

State = dict[str, Any]  # an array or a number by name, for one parameter

SMALL = 4096  # elements up to which a parameter is packed; beyond, copying costs what it saves
FULL = 32768  # elements of a pack: with its moments it stays in the second cache (1 MiB)


class Pack:
    """Parameters of one dtype and one age that make a step together.

    Parameters
    ----------
    params : sequence of Tensor
        The parameters.
    states : sequence of dict
        What the optimiser remembers of each; their arrays become views of those of the pack.

    Attributes
    ----------
    data : numpy.ndarray
        Room for the values of all parameters.
    state : dict
        What the optimiser remembers of all parameters.
    """

    def __init__(self, params: Sequence[Tensor], states: Sequence[State]) -> None:
        self.params, self.states = list(params), list(states)
        self.data = np.concatenate([p.data for p in params], axis=None)
        self.views = self._split(self.data)
        self.state: State = {}
        self._shared: dict[str, tuple[Any, list[NDArray[Any]]]] = {}  # by name: whole and parts
        for name, value in states[0].items():
            if isinstance(value, np.ndarray):
                self.state[name] = np.concatenate([s[name] for s in states], axis=None)
            else:
                self.state[name] = value
        self.share()

    def _split(self, whole: NDArray[Any]) -> list[NDArray[Any]]:
        ends = np.cumsum([p.data.size for p in self.params])
        parts = np.split(whole, ends[:-1])
        return [part.reshape(p.shape) for part, p in zip(parts, self.params, strict=True)]

    def gather(self) -> NDArray[Any]:
        """Copy the values in, and return all gradients in one new array."""
        np.concatenate([p.data for p in self.params], axis=None, out=self.data)
        grads: list[Any] = [p.grad.data for p in self.params if p.grad is not None]
        return np.concatenate(grads, axis=None)

    def scatter(self) -> None:
        """Copy the values back, and let every parameter's state show what the pack's holds."""
        for p, view in zip(self.params, self.views, strict=True):
            p.data[...] = view
        self.share()

    def share(self) -> None:
        """Hand numbers out, and views of those arrays that are new."""
        for name, value in self.state.items():
            if not isinstance(value, np.ndarray):
                for state in self.states:
                    state[name] = value
            elif name not in self._shared or self._shared[name][0] is not value:
                parts = self._split(value)
                self._shared[name] = (value, parts)
                for state, part in zip(self.states, parts, strict=True):
                    state[name] = part

    def fits(self, states: dict[Tensor, State]) -> bool:
        """Tell whether nobody has changed parameters or state in a way that a pack cannot see.

        Parameters
        ----------
        states : dict of Tensor to dict
            The optimiser's, by parameter.

        Returns
        -------
        bool
            False where data or state were replaced, or a gradient is missing.
        """
        for p, view, state in zip(self.params, self.views, self.states, strict=True):
            data = p.data
            if (
                p.grad is None
                or states.get(p) is not state
                or data.shape != view.shape
                or data.dtype is not view.dtype
                or len(state) != len(self.state)
            ):
                return False
        for name, value in self.state.items():
            if name in self._shared:
                parts = self._shared[name][1]
                if any(s.get(name) is not v for s, v in zip(self.states, parts, strict=True)):
                    return False
            elif any(s.get(name) != value for s in self.states):
                return False
        return True


def packs(params: Iterable[Tensor], states: dict[Tensor, State]) -> Iterator[Pack]:
    """Pack the parameters that go together.

    Parameters
    ----------
    params : iterable of Tensor
        Small parameters, in order.
    states : dict of Tensor to dict
        The optimiser's state, by parameter.

    Yields
    ------
    Pack
        Of one dtype, with equal numbers (such as the step) in their states.
    """
    together: dict[Any, list[Tensor]] = {}
    for p in params:
        state = states.setdefault(p, {})
        numbers = (None if isinstance(v, np.ndarray) else v for v in state.values())
        key = (p.dtype, tuple(state), tuple(numbers))
        chosen = together.setdefault(key, [])
        if sum(q.numel() for q in chosen) + p.numel() > FULL:
            yield Pack(chosen, [states[q] for q in chosen])
            chosen.clear()
        chosen.append(p)
    for chosen in together.values():
        yield Pack(chosen, [states[q] for q in chosen])
