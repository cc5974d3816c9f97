"""ONNX nodes for whole layers, where one node says what would else be several.

What is not here is written primitive by primitive, and so is a layer whose writer returns None.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcore import nn
from dlcore.interop.onnx.graph import Graph, Traced
from dlcore.tensor import Tensor

LayerWriter = Callable[[Graph, Any, Traced, Tensor], str | None]


def _conv(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    axes = layer.axes
    if x.ndim != axes + 2:
        return None  # a single example: its axis is added by a change of shape
    return graph.add(
        "Conv", x, layer.weight, *_bias(layer), kernel_shape=_sizes(layer.kernel_size, axes),
        strides=_sizes(layer.stride, axes), dilations=_sizes(layer.dilation, axes),
        pads=_padding(layer), group=int(layer.groups),
    )  # fmt: skip


def _padding(layer: Any) -> list[int]:
    if layer.padding == "valid":
        return [0] * (2 * int(layer.axes))
    if layer.padding != "same":
        return _sizes(layer.padding, layer.axes) * 2
    total: list[int] = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
    return [n // 2 for n in total] + [n - n // 2 for n in total]  # an odd one at the far end


def _conv_transpose(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    if x.ndim != 4:
        return None
    return graph.add(
        "ConvTranspose", x, layer.weight, *_bias(layer), kernel_shape=_sizes(layer.kernel_size, 2),
        strides=_sizes(layer.stride, 2), dilations=_sizes(layer.dilation, 2),
        pads=_sizes(layer.padding, 2) * 2, output_padding=_sizes(layer.output_padding, 2),
        group=int(layer.groups),
    )  # fmt: skip


def _batch_norm(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    if layer.running_mean is None:
        return None
    scale = np.ones(layer.num_features, out.dtype) if layer.weight is None else layer.weight
    shift = np.zeros(layer.num_features, out.dtype) if layer.bias is None else layer.bias
    return graph.add(
        "BatchNormalization", x, scale, shift, layer.running_mean, layer.running_var,
        epsilon=float(layer.eps),
    )  # fmt: skip


def _max_pool(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    axes = x.ndim - 2
    if axes != _axes(layer):
        return None
    return graph.add(
        "MaxPool", x, **_patches(graph, layer, x, out), dilations=_sizes(layer.dilation, axes)
    )


def _avg_pool(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    axes = x.ndim - 2
    override = getattr(layer, "divisor_override", None)
    if override is not None or axes != _axes(layer):
        return None
    return graph.add(
        "AveragePool", x, **_patches(graph, layer, x, out),
        count_include_pad=int(layer.count_include_pad),
    )  # fmt: skip


def _patches(graph: Graph, layer: Any, x: Traced, out: Tensor) -> dict[str, list[int]]:
    axes = x.ndim - 2
    kernel, steps = _sizes(layer.kernel_size, axes), _sizes(layer.stride, axes)
    zeros, apart = _sizes(layer.padding, axes), _sizes(getattr(layer, "dilation", 1), axes)
    for n, m, k, s, p, d in zip(
        x.shape[2:], out.shape[2:], kernel, steps, zeros, apart, strict=True
    ):
        if (m - 1) * s + d * (k - 1) + 1 > n + 2 * p:
            raise graph.refuse(f"has patches that stand out over the edge of {x.shape[2:]}")
    return {"kernel_shape": kernel, "strides": steps, "pads": zeros * 2}


def _adaptive(whole: str, patches: str) -> LayerWriter:
    def write(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
        if x.ndim != _axes(layer) + 2:
            return None
        sizes = list(zip(x.shape[2:], out.shape[2:], strict=True))
        if all(m == 1 for _, m in sizes):
            return graph.add(whole, x)
        if any(n % m for n, m in sizes):
            raise graph.refuse(
                f"divides {x.shape[2:]} into {out.shape[2:]} regions of unequal size"
            )
        kernel = [n // m for n, m in sizes]
        return graph.add(patches, x, kernel_shape=kernel, strides=kernel)

    return write


def _flatten(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str | None:
    whole = layer.start_dim == 1 and layer.end_dim in (-1, x.ndim - 1)
    return graph.add("Flatten", x, axis=1) if whole else None


def _embedding(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str:
    return graph.add("Gather", layer.weight, x)


def _prelu(graph: Graph, layer: Any, x: Traced, out: Tensor) -> str:
    """One slope, or one for each channel: shaped so that it broadcasts from the last axis."""
    if layer.num_parameters == 1:
        return graph.add("PRelu", x, layer.weight)
    slope = layer.weight.data.reshape(-1, *[1] * (x.ndim - 2))
    return graph.add("PRelu", x, slope)


def _bias(layer: Any) -> list[Tensor]:
    return [] if layer.bias is None else [layer.bias]


def _axes(layer: nn.Module) -> int:
    return int(type(layer).__name__[-2])  # MaxPool2d


def _sizes(size: Any, axes: int) -> list[int]:
    return [int(n) for n in (size if isinstance(size, tuple | list) else (size,) * axes)]


_average = _adaptive("GlobalAveragePool", "AveragePool")

LAYERS: dict[type[nn.Module], LayerWriter] = {
    nn.AdaptiveAvgPool1d: _average,
    nn.AdaptiveAvgPool2d: _average,
    nn.AdaptiveMaxPool2d: _adaptive("GlobalMaxPool", "MaxPool"),
    nn.AvgPool1d: _avg_pool,
    nn.AvgPool2d: _avg_pool,
    nn.BatchNorm1d: _batch_norm,
    nn.BatchNorm2d: _batch_norm,
    nn.Conv1d: _conv,
    nn.Conv2d: _conv,
    nn.ConvTranspose2d: _conv_transpose,
    nn.Embedding: _embedding,
    nn.Flatten: _flatten,
    nn.MaxPool1d: _max_pool,
    nn.MaxPool2d: _max_pool,
    nn.PReLU: _prelu,
}
