"""The perceptron: a weighted sum, a threshold, and Rosenblatt's rule of learning."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore import functional as F, nn
from dlcore.function import Operand
from dlcore.tape import no_grad
from dlcore.tensor import Tensor, as_tensor


class Perceptron(nn.Linear):
    r"""One unit that answers 1 on one side of a plane and 0 on the other.

    Parameters
    ----------
    in_features : int
        Number of inputs.

    Attributes
    ----------
    weight : Parameter, shape (1, in_features)
        The weights w, at first 0.
    bias : Parameter, shape (1,)
        The bias b, at first 0.

    Raises
    ------
    ValueError
        If `in_features` is below 1 or, when called, if the last axis of x has another length.

    Notes
    -----
    The answer is a step of the weighted sum,

    .. math:: \hat y = [\, w^\top x + b > 0 \,]

    The slope of a step is 0, so that no gradient could teach it. :meth:`fit` uses Rosenblatt's rule
    instead [1]_: after each example, with the rate :math:`\eta`,

    .. math::

        w \leftarrow w + \eta \, (y - \hat y) \, x, \qquad b \leftarrow b + \eta \, (y - \hat y)

    A right answer changes nothing. If a plane parts the classes with a margin :math:`\gamma`, and
    no :math:`(x, 1)` is longer than R, the rule makes at most :math:`(R / \gamma)^2` mistakes and
    then no more [2]_. If none does, as for XOR [3]_, it never ends. The state dict has the names of
    ``torch.nn.Linear``. Derived in Chapter 5.

    References
    ----------
    .. [1] F. Rosenblatt, "The perceptron: a probabilistic model for information storage and
       organization in the brain", Psychological Review 65 (6), 1958, doi 10.1037/h0042519.
    .. [2] A. B. J. Novikoff, "On convergence proofs on perceptrons", Proceedings of the Symposium
       on the Mathematical Theory of Automata, Polytechnic Institute of Brooklyn, 1962.
    .. [3] M. Minsky and S. Papert, *Perceptrons*, MIT Press, 1969.

    Examples
    --------
    >>> corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> print(Perceptron.from_weights([1, 1], -1.5).predict(corners))  # AND
    [0 0 0 1]
    >>> model = Perceptron(2)
    >>> print(model.fit(corners, [0, 1, 1, 1]))  # learns OR: mistakes in each pass
    [1, 2, 1, 0]
    """

    def __init__(self, in_features: int) -> None:
        super().__init__(in_features, 1)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    @classmethod
    def from_weights(cls, weight: ArrayLike, bias: float) -> Self:
        """Build a perceptron whose weights are known, such as a gate.

        Parameters
        ----------
        weight : array_like, shape (in_features,)
            The weights.
        bias : float
            The bias.

        Returns
        -------
        Perceptron
            With these weights.

        Raises
        ------
        ValueError
            If `weight` has another number of axes than one.
        """
        values = np.asarray(weight, dtype=np.float32)
        if values.ndim != 1:
            raise ValueError(f"weight: expected shape (in_features,), got {values.shape}")
        model = cls(len(values))
        model.load_state_dict({"weight": values[None], "bias": np.array([bias], np.float32)})
        return model

    def forward(self, x: Operand) -> Tensor:
        """Map x of shape (..., in_features) to answers 0 and 1 of shape (...)."""
        return F.heaviside(super().forward(x).squeeze(-1))

    def predict(self, x: ArrayLike | Tensor) -> NDArray[np.int64]:
        """Say on which side each point lies.

        Parameters
        ----------
        x : array_like or Tensor, shape (..., in_features)
            The points.

        Returns
        -------
        ndarray of int64, shape (...)
            0 or 1.
        """
        with no_grad():
            answers: NDArray[np.int64] = self(as_tensor(x, np.float32)).data.astype(np.int64)
        return answers

    def fit(
        self, x: ArrayLike, y: ArrayLike, *, lr: float = 0.1, max_passes: int = 1000
    ) -> list[int]:
        """Learn from examples, one after the other, until a pass makes no mistake.

        Parameters
        ----------
        x : array_like, shape (n, in_features)
            The points.
        y : array_like of int, shape (n,)
            Their classes, 0 or 1.
        lr : float, default 0.1
            The rate. From weights of 0 it scales them and changes no answer.
        max_passes : int, default 1000
            When to give up.

        Returns
        -------
        list of int
            The mistakes of each pass; the last is 0 if the rule has ended.

        Raises
        ------
        ValueError
            If shapes do not fit, a class is not 0 or 1, or an option is not positive.
        """
        points, targets = np.asarray(x, dtype=np.float32), np.asarray(y)
        self._check(points, targets, lr, max_passes)
        mistakes = []
        for _ in range(max_passes):
            mistakes.append(self._learn(points, targets, np.float32(lr)))
            if mistakes[-1] == 0:
                break
        return mistakes

    def _learn(self, x: NDArray[np.float32], y: NDArray[np.int64], lr: np.float32) -> int:
        weight, bias = self.weight.data[0], self.bias.data  # views: changed in place
        wrong = 0
        for point, target in zip(x, y.tolist(), strict=True):
            error = target - int(weight @ point + bias[0] > 0)
            if error:
                weight += lr * error * point
                bias += lr * error
                wrong += 1
        return wrong

    def _check(
        self, x: NDArray[np.float32], y: NDArray[np.int64], lr: float, max_passes: int
    ) -> None:
        if x.ndim != 2 or x.shape[1] != self.in_features or y.shape != (len(x),) or len(x) == 0:
            raise ValueError(
                f"x, y: expected shapes (n, {self.in_features}) and (n,) with n at least 1, "
                f"got {x.shape} and {y.shape}"
            )
        if not np.isin(y, (0, 1)).all():
            raise ValueError(f"y: expected classes 0 and 1, got {np.unique(y).tolist()}")
        if not lr > 0 or max_passes < 1:
            raise ValueError(
                f"lr, max_passes: expected positive numbers, got {lr} and {max_passes}"
            )
