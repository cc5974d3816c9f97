"""For each primitive, the PyTorch expression with the same meaning."""

from collections.abc import Callable
from typing import Any

import torch


def _every(x: torch.Tensor, axis: Any) -> Any:
    return tuple(range(x.ndim)) if axis is None else axis


def _reduce(f: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    return lambda x, axis=None, keepdims=False: f(x, _every(x, axis), keepdim=keepdims)


def _where(x: torch.Tensor, y: torch.Tensor, condition: Any) -> torch.Tensor:
    return torch.where(torch.as_tensor(condition), x, y)


def _getitem(x: torch.Tensor, index: Any) -> torch.Tensor:
    return x[index]


def _put_add(x: torch.Tensor, index: Any, shape: tuple[int, ...]) -> torch.Tensor:
    places = torch.arange(int(torch.tensor(shape).prod())).reshape(shape)[index]
    out = torch.zeros(shape, dtype=x.dtype).flatten()
    return out.index_add(0, places.flatten(), x.expand(places.shape).flatten()).reshape(shape)


def _cross_entropy(x: torch.Tensor, target: torch.Tensor, axis: int) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(x, target, reduction="none")


def _conv2d(x: torch.Tensor, w: torch.Tensor, geometry: Any) -> torch.Tensor:
    return torch.nn.functional.conv2d(x, w, None, *geometry)


def _conv_transpose2d(y: torch.Tensor, w: torch.Tensor, size: Any, geometry: Any) -> torch.Tensor:
    shape = (y.shape[0], w.shape[1] * geometry.groups, *size)
    return torch.nn.grad.conv2d_input(shape, w, y, *geometry)


def _conv_kernel2d(x: torch.Tensor, y: torch.Tensor, kernel: Any, geometry: Any) -> torch.Tensor:
    """The same sum, as a convolution in which examples and channels have changed places."""
    parts = []
    for xs, ys in zip(x.chunk(geometry.groups, 1), y.chunk(geometry.groups, 1), strict=True):
        out = torch.nn.functional.conv2d(
            xs.transpose(0, 1), ys.transpose(0, 1), None, geometry.dilation, geometry.padding,
            geometry.stride,
        )  # fmt: skip
        parts.append(out[..., : kernel[0], : kernel[1]].transpose(0, 1))
    return torch.cat(parts)


REFERENCES: dict[str, Callable[..., torch.Tensor]] = {
    "neg": torch.neg,
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "sin": torch.sin,
    "cos": torch.cos,
    "abs": torch.abs,
    "clamp": torch.clamp,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "where": _where,
    "cast": lambda x, dtype: x.to(getattr(torch, dtype.name)),
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "silu": torch.nn.functional.silu,
    "gelu": lambda x, tanh: torch.nn.functional.gelu(x, approximate="tanh" if tanh else "none"),
    "softplus": torch.nn.functional.softplus,
    "erf": torch.erf,
    "softmax": lambda x, axis: torch.softmax(x, axis),
    "log_softmax": lambda x, axis: torch.log_softmax(x, axis),
    "sum": _reduce(torch.sum),
    "mean": _reduce(torch.mean),
    "amax": _reduce(torch.amax),
    "amin": _reduce(torch.amin),
    "logsumexp": _reduce(torch.logsumexp),
    "reshape": torch.reshape,
    "transpose": lambda x, axes: x.permute(axes or tuple(reversed(range(x.ndim)))),
    "broadcast_to": lambda x, shape: torch.broadcast_to(x, shape),
    "concatenate": lambda *xs, axis: torch.cat(xs, axis),
    "matmul": torch.matmul,
    "linear": torch.nn.functional.linear,
    "conv2d": _conv2d,
    "conv_transpose2d": _conv_transpose2d,
    "conv_kernel2d": _conv_kernel2d,
    "getitem": _getitem,
    "put_add": _put_add,
    "cross_entropy": _cross_entropy,
}
