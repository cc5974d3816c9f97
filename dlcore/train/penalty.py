"""Penalties on the size of the weights, to be added to a loss."""

from dlcore.nn import Module
from dlcore.tensor import Tensor


class ElasticPenalty:
    r"""A penalty on large weights: a mixture of the sums of magnitudes and of squares.

    Parameters
    ----------
    l1 : float
        Strength :math:`\lambda_1` of the sum of magnitudes; it drives weights to exactly zero.
    l2 : float
        Strength :math:`\lambda_2` of the sum of squares; it shrinks large weights most.
    biases : bool
        Whether parameters with fewer than two axes (biases, scales) are penalised too.

    Raises
    ------
    ValueError
        If a strength is negative or no finite number.

    Notes
    -----
    .. math:: \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2, \qquad
              \frac{\partial}{\partial w_i} = \lambda_1 \operatorname{sign}(w_i) + 2\lambda_2 w_i

    With plain SGD, ``weight_decay=d`` of the optimiser is the same as :math:`\lambda_2 = d/2`.
    Derived in Chapter 9.

    References
    ----------
    .. [1] H. Zou and T. Hastie, "Regularization and variable selection via the elastic net",
       Journal of the Royal Statistical Society B 67 (2), 2005,
       doi 10.1111/j.1467-9868.2005.00503.x.

    Examples
    --------
    >>> import dlcore as dl
    >>> layer = dl.nn.Linear(2, 1)
    >>> _ = layer.load_state_dict({"weight": [[3.0, -4.0]], "bias": [7.0]})
    >>> print(f"{ElasticPenalty(l1=0.1, l2=0.01)(layer).item():.2f}")
    0.95
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, *, biases: bool = False) -> None:
        for name, value in (("l1", l1), ("l2", l2)):
            if not 0 <= value < float("inf"):
                raise ValueError(f"{name}: expected a number of at least 0, got {value}")
        self.l1, self.l2, self.biases = l1, l2, biases

    def __call__(self, model: Module) -> Tensor | float:
        """Compute the penalty of the parameters of a model that are learnt."""
        total: Tensor | float = 0.0
        for w in model.parameters():
            if w.requires_grad and (self.biases or w.ndim >= 2):
                if self.l1:
                    total = total + self.l1 * w.abs().sum()
                if self.l2:
                    total = total + self.l2 * (w * w).sum()
        return total


class L1Penalty(ElasticPenalty):
    r"""A penalty of :math:`\lambda \sum_i |w_i|`, which makes weights sparse.

    Parameters
    ----------
    strength : float
        :math:`\lambda`.
    biases : bool
        Whether parameters with fewer than two axes are penalised too.
    """

    def __init__(self, strength: float, *, biases: bool = False) -> None:
        super().__init__(l1=strength, biases=biases)


class L2Penalty(ElasticPenalty):
    r"""A penalty of :math:`\lambda \sum_i w_i^2`, which keeps weights small.

    The parameters are those of :class:`L1Penalty`.
    """

    def __init__(self, strength: float, *, biases: bool = False) -> None:
        super().__init__(l2=strength, biases=biases)
