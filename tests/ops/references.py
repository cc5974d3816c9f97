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


def _patches(x: torch.Tensor, kernel: Any, geometry: Any, **_: Any) -> torch.Tensor:
    """The elements under the kernel at every position: (N, C, kh * kw, P)."""
    stride, padding, dilation, _ = geometry
    cols = torch.nn.functional.unfold(x, kernel, dilation, padding, stride)
    return cols.reshape(*x.shape[:2], kernel[0] * kernel[1], -1)


def _unpatch(cols: torch.Tensor, size: Any, kernel: Any, geometry: Any) -> torch.Tensor:
    stride, padding, dilation, _ = geometry
    cols = cols.flatten(1, 2)
    return torch.nn.functional.fold(cols, size, kernel, dilation, padding, stride)


def _response(x: torch.Tensor, size: Any, kernel: Any, geometry: Any) -> tuple[int, ...]:
    stride, padding, dilation, _ = geometry
    pool = torch.nn.functional.max_pool2d(
        torch.zeros(1, 1, *size), kernel, stride, padding, dilation
    )
    return *x.shape[:2], *pool.shape[2:]


def _max_pool2d(x: torch.Tensor, kernel: Any, geometry: Any) -> torch.Tensor:
    return torch.nn.functional.max_pool2d(x, kernel, *geometry[:3])


def _pick_winner(x: torch.Tensor, winner: Any, **options: Any) -> torch.Tensor:
    place = torch.as_tensor(winner.astype("int64")).flatten(2).unsqueeze(2)
    return _patches(x, **options).gather(2, place).reshape(_response(x, **options))


def _put_winner(y: torch.Tensor, winner: Any, **options: Any) -> torch.Tensor:
    place = torch.as_tensor(winner.astype("int64")).flatten(2).unsqueeze(2)
    count = options["kernel"][0] * options["kernel"][1]
    cols = torch.zeros(*y.shape[:2], count, place.shape[-1], dtype=y.dtype)
    return _unpatch(cols.scatter(2, place, y.flatten(2).unsqueeze(2)), **options)


def _patch_sum(x: torch.Tensor, **options: Any) -> torch.Tensor:
    return _patches(x, **options).sum(2).reshape(_response(x, **options))


def _patch_spread(y: torch.Tensor, **options: Any) -> torch.Tensor:
    count = options["kernel"][0] * options["kernel"][1]
    return _unpatch(y.flatten(2).unsqueeze(2).expand(-1, -1, count, -1), **options)


def _standardize(x: torch.Tensor, *affine: torch.Tensor, axis: Any, eps: float) -> torch.Tensor:
    centred = x - x.mean(axis, keepdim=True)
    out = centred / torch.sqrt((centred**2).mean(axis, keepdim=True) + eps)
    for f, a in zip((torch.mul, torch.add), affine, strict=False):
        out = f(out, a)
    return out


def _rms_norm(x: torch.Tensor, *weight: torch.Tensor, axis: Any, eps: float) -> torch.Tensor:
    shape = [x.shape[a] for a in axis]
    return torch.nn.functional.rms_norm(x, shape, *weight, eps=eps)


def _attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    *bias: torch.Tensor,
    scale: float,
    mask: Any,
    kept: Any,
) -> torch.Tensor:
    scores = scale * q @ k.mT + sum(bias)
    if mask is not None:
        mask = torch.as_tensor(mask, dtype=q.dtype)
        nowhere = torch.isneginf(mask.expand(mask.shape[0], k.shape[-2])).all(-1, keepdim=True)
        scores = scores + mask.masked_fill(nowhere, 0)
    weights = torch.softmax(scores, -1)
    if mask is not None:
        weights = weights.masked_fill(nowhere, 0)
    return (weights if kept is None else weights * torch.as_tensor(kept, dtype=q.dtype)) @ v


def _unrolled(cell: Callable[..., Any], count: int) -> Callable[..., torch.Tensor]:
    """Apply torch's cell step by step, for as long as a sequence lasts."""

    def run(x: torch.Tensor, *operands: torch.Tensor, lengths: Any, reverse: bool) -> torch.Tensor:
        steps, states, weights = len(x), operands[:count], operands[count:]
        ends = torch.full((x.shape[1],), steps) if lengths is None else torch.as_tensor(lengths)
        hidden = [torch.empty(0)] * steps
        for t in reversed(range(steps)) if reverse else range(steps):
            lasts = (t < ends)[:, None]
            new = cell(x[t], states if count > 1 else states[0], *weights)
            new = new if count > 1 else (new,)
            states = tuple(torch.where(lasts, s, old) for s, old in zip(new, states, strict=True))
            hidden[t] = states[0] * lasts
        return torch.stack([*hidden, *states])

    return run


def _lstm_cell(x: torch.Tensor, states: Any, *weights: torch.Tensor) -> Any:
    return torch.lstm_cell(x, states, *weights)


def _rnn(*operands: torch.Tensor, nonlinearity: str, **options: Any) -> torch.Tensor:
    return _unrolled(getattr(torch, f"rnn_{nonlinearity}_cell"), 1)(*operands, **options)


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
    "max_pool2d": _max_pool2d,
    "pick_winner": _pick_winner,
    "put_winner": _put_winner,
    "patch_sum": _patch_sum,
    "patch_spread": _patch_spread,
    "standardize": _standardize,
    "rms_norm": _rms_norm,
    "attention": _attention,
    "rnn": _rnn,
    "lstm": _unrolled(_lstm_cell, 2),
    "gru": _unrolled(torch.gru_cell, 1),
    "getitem": _getitem,
    "put_add": _put_add,
    "cross_entropy": _cross_entropy,
    "class_cross_entropy": lambda x, target, reduction: torch.nn.functional.cross_entropy(
        x, torch.tensor(target), reduction=reduction
    ),
    "squared_error": torch.nn.functional.mse_loss,
    "binary_cross_entropy_with_logits": torch.nn.functional.binary_cross_entropy_with_logits,
}
