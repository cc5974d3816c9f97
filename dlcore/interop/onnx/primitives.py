"""ONNX nodes for primitives: what a model does between its layers."""

from typing import Any

import numpy as np

from dlcore.interop.onnx.graph import Graph, Traced, Writer
from dlcore.tensor import Tensor

Operands = tuple[Tensor, ...]
Options = dict[str, Any]

_SAME = {  # primitives that have a node of their own, without options
    "abs": "Abs", "add": "Add", "cos": "Cos", "div": "Div", "erf": "Erf", "exp": "Exp",
    "log": "Log", "matmul": "MatMul", "maximum": "Max", "minimum": "Min", "mul": "Mul",
    "neg": "Neg", "pow": "Pow", "relu": "Relu", "sigmoid": "Sigmoid", "sin": "Sin",
    "sqrt": "Sqrt", "sub": "Sub", "tanh": "Tanh",
}  # fmt: skip


def _same(operator: str) -> Writer:
    return lambda graph, inputs, options, out: graph.add(operator, *inputs)


def _leaky_relu(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("LeakyRelu", *inputs, alpha=float(options["negative_slope"]))


def _elu(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("Elu", *inputs, alpha=float(options["alpha"]))


def _silu(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("Mul", inputs[0], graph.add("Sigmoid", inputs[0]))


def _gelu(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    x, kind = inputs[0], out.dtype.type
    if options["tanh"]:
        cube = graph.add("Mul", graph.add("Mul", x, x), graph.add("Mul", x, kind(0.044715)))
        inner = graph.add("Mul", graph.add("Add", x, cube), kind((2 / np.pi) ** 0.5))
        curve = graph.add("Tanh", inner)
    else:
        curve = graph.add("Erf", graph.add("Div", x, kind(2**0.5)))
    return graph.add("Mul", x, graph.add("Mul", graph.add("Add", curve, kind(1)), kind(0.5)))


def _softplus(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    x, kind = inputs[0], out.dtype.type
    scaled = graph.add("Mul", x, kind(options["beta"]))
    smooth = graph.add("Div", graph.add("Softplus", scaled), kind(options["beta"]))
    beyond = graph.add("Greater", scaled, kind(options["threshold"]))
    return graph.add("Where", beyond, x, smooth)


def _softmax(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("Softmax", *inputs, axis=int(options["axis"]))


def _log_softmax(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("LogSoftmax", *inputs, axis=int(options["axis"]))


def reshape(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    """Write the shape that came out; the axis that differs with the batch is found later.

    Parameters
    ----------
    graph : Graph
        Where to.
    inputs : tuple of Tensor
        The operand.
    options : dict
        Those of the primitive.
    out : Tensor
        The result.

    Returns
    -------
    str
        The name of the value.
    """
    name = f"shape_{len(graph.nodes)}"
    return graph.add("Reshape", inputs[0], graph.constant(np.array(out.shape, np.int64), name))


def _transpose(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    axes = options["axes"]
    order = range(out.ndim)[::-1] if axes is None else [int(axis) % out.ndim for axis in axes]
    return graph.add("Transpose", inputs[0], perm=list(order))


def _concatenate(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return graph.add("Concat", *inputs, axis=int(options.get("axis", 0)))


def _mean(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    axes, keep = _axes(inputs[0], options)
    return graph.add("ReduceMean", inputs[0], axes=axes, keepdims=keep)


def _sum(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    axes, keep = _axes(inputs[0], options)
    return graph.add("ReduceSum", inputs[0], np.array(axes, np.int64), keepdims=keep)


def _axes(x: Tensor, options: Options) -> tuple[list[int], int]:
    axis = options.get("axis")
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return [int(a) % x.ndim for a in axes], int(options.get("keepdims", False))


def _linear(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    return linear(graph, *inputs)


def linear(graph: Graph, x: Tensor, weight: Tensor, *bias: Tensor) -> str:
    """Write an affine map of the last axis.

    Parameters
    ----------
    graph : Graph
        Where to.
    x : Traced
        The operand.
    weight : Tensor, shape (out_features, in_features)
        The matrix, which is not traced.
    *bias : Tensor, shape (out_features,)
        What is added, if anything is.

    Returns
    -------
    str
        The name of the value.
    """
    if isinstance(weight, Traced):
        raise graph.refuse("multiplies by weights that depend on the input")
    if x.ndim == 2:
        return graph.add("Gemm", x, weight, *bias, transB=1)
    matrix = graph.constant(weight.data.T, f"{graph.constant(weight)}.T")
    product = graph.add("MatMul", x, matrix)
    return graph.add("Add", product, *bias) if bias else product


def _standardize(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    x, *affine = inputs
    first, shape = _last_axes(graph, x, options)
    eps = float(options["eps"])
    if affine and all(operand.shape == shape for operand in affine):
        return graph.add("LayerNormalization", *inputs, axis=first, epsilon=eps)
    ones = np.ones(shape, out.dtype)
    name = graph.add("LayerNormalization", x, ones, axis=first, epsilon=eps)
    for operator, operand in zip(("Mul", "Add"), affine, strict=False):
        name = graph.add(operator, name, operand)
    return name


def _rms_norm(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    x, *scale = inputs
    first, _ = _last_axes(graph, x, options)
    axes, eps = list(range(first, x.ndim)), out.dtype.type(options["eps"])
    square = graph.add("ReduceMean", graph.add("Mul", x, x), axes=axes, keepdims=1)
    name = graph.add("Div", x, graph.add("Sqrt", graph.add("Add", square, eps)))
    return graph.add("Mul", name, *scale) if scale else name


def _last_axes(graph: Graph, x: Tensor, options: Options) -> tuple[int, tuple[int, ...]]:
    axes = sorted(int(axis) % x.ndim for axis in options["axis"])
    if axes != list(range(axes[0], x.ndim)) or axes[0] == 0:
        raise graph.refuse("normalises over a batch; only running statistics can be written")
    return axes[0], x.shape[axes[0] :]


def _conv2d(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    geometry = options["geometry"]
    return graph.add("Conv", *inputs, **_window(geometry), group=int(geometry.groups))


def _max_pool2d(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    kernel = [int(k) for k in options["kernel"]]
    return graph.add("MaxPool", *inputs, kernel_shape=kernel, **_window(options["geometry"]))


def _patch_sum(graph: Graph, inputs: Operands, options: Options, out: Tensor) -> str:
    """Write the sum of each patch: a mean over all its places, padding among them, times them."""
    kernel = [int(k) for k in options["kernel"]]
    window = _window(options["geometry"])
    del window["dilations"]  # patches of sums are never dilated
    mean = graph.add("AveragePool", *inputs, kernel_shape=kernel, count_include_pad=1, **window)
    return graph.add("Mul", mean, np.array(kernel[0] * kernel[1], out.dtype))


def _window(geometry: Any) -> dict[str, list[int]]:
    return {
        "strides": [int(n) for n in geometry.stride],
        "pads": [int(n) for n in geometry.padding] * 2,
        "dilations": [int(n) for n in geometry.dilation],
    }


PRIMITIVES: dict[str, Writer] = {
    **{name: _same(operator) for name, operator in _SAME.items()},
    "concatenate": _concatenate,
    "conv2d": _conv2d,
    "elu": _elu,
    "gelu": _gelu,
    "leaky_relu": _leaky_relu,
    "linear": _linear,
    "log_softmax": _log_softmax,
    "max_pool2d": _max_pool2d,
    "mean": _mean,
    "patch_sum": _patch_sum,
    "reshape": reshape,
    "rms_norm": _rms_norm,
    "silu": _silu,
    "softmax": _softmax,
    "softplus": _softplus,
    "standardize": _standardize,
    "sum": _sum,
    "transpose": _transpose,
}
