"""What recurrent layers share: parameters, layouts, layers on top of each other, directions."""

import warnings
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcore import functional as F
from dlcore.nn.module import Module
from dlcore.nn.recurrent_cell import check_sizes, check_switches, register_weights
from dlcore.tensor import Tensor

Weights = tuple[Tensor, Tensor, Tensor | None, Tensor | None]


class Recurrent(Module):
    """A stack of recurrent layers; a subclass says how one of them runs."""

    gates: ClassVar[int]
    states: ClassVar[tuple[str, ...]] = ("hx",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        check_sizes(self, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        check_switches(self, bias=bias, batch_first=batch_first, bidirectional=bidirectional)
        if not 0 <= dropout <= 1:
            raise ValueError(f"{type(self).__name__}: dropout must lie in [0, 1], got {dropout}")
        if dropout and num_layers == 1:
            warnings.warn(
                f"{type(self).__name__}: dropout acts between layers, and there is one",
                stacklevel=3,
            )
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        self.bidirectional, self.rng = bidirectional, rng
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * (1 + bidirectional)
            for end in self._ends():
                names = self._names(layer, end)
                register_weights(
                    self, names, self.gates, inputs=inputs, hidden=hidden_size, bias=bias,
                    dtype=dtype, rng=rng,
                )  # fmt: skip

    def _ends(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    @staticmethod
    def _names(layer: int, end: str) -> tuple[str, str, str, str]:
        tail = f"_l{layer}{end}"
        return f"weight_ih{tail}", f"weight_hh{tail}", f"bias_ih{tail}", f"bias_hh{tail}"

    def _one(
        self, x: Tensor, states: Sequence[Tensor], weights: Weights, lengths: Any, reverse: bool
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Run one layer in one direction: its output (T, N, H) and its final states."""
        raise NotImplementedError

    def _run(
        self, x: Tensor, starts: Sequence[Tensor] | None, lengths: ArrayLike | Tensor | None
    ) -> tuple[Tensor, list[Tensor]]:
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{type(self).__name__}: x must have 3 axes (2 for one sequence), the last of "
                f"length {self.input_size} (input_size), got shape {x.shape}"
            )
        single = x.ndim == 2
        if single:
            x = x.unsqueeze(1)
        elif self.batch_first:
            x = x.transpose(0, 1)
        starts = self._starts(x, starts, single)
        finals: list[tuple[Tensor, ...]] = []
        for layer in range(self.num_layers):
            outputs = []
            for end in self._ends():
                w_ih, w_hh, b_ih, b_hh = (getattr(self, n) for n in self._names(layer, end))
                weights = (w_ih, w_hh, b_ih, b_hh)
                states = [start[len(finals)] for start in starts]
                out, last = self._one(x, states, weights, lengths, bool(end))
                outputs.append(out)
                finals.append(last)
            x = F.cat(outputs, 2) if self.bidirectional else outputs[0]
            if layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training, self.rng)
        lasts = [F.stack(column) for column in zip(*finals, strict=True)]
        if single:
            return x.squeeze(1), [last.squeeze(1) for last in lasts]
        return x.transpose(0, 1) if self.batch_first else x, lasts

    def _starts(self, x: Tensor, starts: Sequence[Tensor] | None, single: bool) -> Sequence[Tensor]:
        shape = (self.num_layers * len(self._ends()), x.shape[1], self.hidden_size)
        if starts is None:
            return [Tensor(np.zeros(shape, x.dtype))] * len(self.states)
        wanted = (shape[0], shape[2]) if single else shape
        for name, state in zip(self.states, starts, strict=True):
            if not isinstance(state, Tensor) or state.shape != wanted:
                raise ValueError(
                    f"{type(self).__name__}: {name} must be a Tensor of shape {wanted}, "
                    f"got {getattr(state, 'shape', state)}"
                )
        return [state.unsqueeze(1) for state in starts] if single else starts

    def extra_repr(self) -> str:
        """Show the sizes and what differs from the defaults."""
        usual = {
            "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
            "bidirectional": False,
        }  # fmt: skip
        own = {name: getattr(self, name) for name in usual}
        changed = [f"{name}={own[name]}" for name in usual if own[name] != usual[name]]
        return ", ".join([str(self.input_size), str(self.hidden_size), *changed])
