"""Parameter: a Tensor that a module learns."""

from numpy.typing import ArrayLike

from dlcore.tensor import Tensor


class Parameter(Tensor):
    """A leaf Tensor that a :class:`Module` lists among its parameters when it is assigned one.

    Parameters
    ----------
    data : Tensor or array_like
        Starting values.
    requires_grad : bool, default True
        Whether it is learnt; False freezes it.

    Examples
    --------
    >>> from dlcore import nn
    >>> nn.Parameter([1.0, 2.0])
    Parameter(tensor([1., 2.], requires_grad=True))
    """

    __slots__ = ()

    def __init__(self, data: Tensor | ArrayLike, requires_grad: bool = True) -> None:
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)

    def __repr__(self) -> str:
        """Show the numbers, marked as a parameter."""
        return f"Parameter({super().__repr__()})"
