"""export: from a module to an ONNX file."""

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
from onnx import ModelProto, ValueInfoProto, checker, helper, numpy_helper

import dlcore
from dlcore import nn
from dlcore.interop.onnx.graph import Graph
from dlcore.interop.onnx.trace import Array, same, trace
from dlcore.storage import write_whole
from dlcore.tensor import as_tensor

OPSET = 17  # of 2022: the first with LayerNormalization
BATCHES = (2, 3)  # sizes of the two runs that are compared


def export(
    model: nn.Module,
    args: Any,
    f: str | PathLike[str] | None = None,
    *,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> ModelProto:
    """Write a model, as it computes in evaluation mode, into an ONNX file.

    Parameters
    ----------
    model : Module
        A feed-forward or convolutional network. It is left as it is.
    args : array_like or Tensor, shape (n, ...), or tuple of them
        Examples of its inputs, of which shape and dtype count; the first axis is the batch, and
        the file takes batches of any size.
    f : path-like, optional
        The file; one of that name is replaced when the new one is complete.
    input_names, output_names : sequence of str, optional
        Names in the file; by default ``input`` and ``output``, with numbers if there are several.

    Returns
    -------
    onnx.ModelProto
        The model, checked by ``onnx.checker``.

    Raises
    ------
    Unsupported
        A ``NotImplementedError`` that names the layer, if it does something that cannot be written.
    ValueError
        If names and inputs or outputs are not as many, or an input has no batch.
    OSError
        If the file cannot be written.

    Notes
    -----
    Arguments are named as in ``torch.onnx.export``. The model is run twice, on batches of
    different size and content, and each layer and primitive is written down as it is called. What
    differs between the runs can only be the batch; anything else that differs depends on the data
    and is refused rather than frozen. Parameters keep their names.

    References
    ----------
    .. [1] ONNX operators, https://onnx.ai/onnx/operators/.

    Examples
    --------
    >>> import numpy as np, dlcore as dl
    >>> from dlcore.models import MLP
    >>> proto = export(MLP([4, 8, 3]), dl.zeros(1, 4))
    >>> [node.op_type for node in proto.graph.node]
    ['Gemm', 'Relu', 'Gemm']
    >>> [weight.name for weight in proto.graph.initializer]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """
    examples = [as_tensor(x).data for x in (args if isinstance(args, tuple) else (args,))]
    if not examples or any(x.ndim == 0 or x.size == 0 for x in examples):
        shapes = [x.shape for x in examples]
        raise ValueError(f"args: expected inputs with a batch and elements, got shapes {shapes}")
    names = _named("input", input_names, len(examples))
    (graph, outputs), other = (trace(model, _batch(examples, n), names) for n in BATCHES)
    same(graph, other[0])
    results = _named("output", output_names, len(outputs))
    inputs = [_value(n, x, x) for n, x in zip(names, examples, strict=True)]
    values: list[ValueInfoProto] = []
    final: dict[str, str] = {}  # names of values that an output has given its own
    for name, (inner, array), (_, again) in zip(results, outputs, other[1], strict=True):
        final[inner] = graph.finish(final.get(inner, inner), name, taken={*names, *results})
        values.append(_value(name, array, again))
    proto = _proto(type(model).__name__, graph, inputs, values)
    if f is not None:
        write_whole(f, proto.SerializeToString(), alone=True)
    return proto


def _named(kind: str, names: Sequence[str] | None, count: int) -> list[str]:
    if names is None:
        return [kind] if count == 1 else [f"{kind}_{i}" for i in range(count)]
    if len(names) != count or len(set(names)) != count:
        raise ValueError(f"{kind}_names: expected {count} different names, got {list(names)}")
    return list(names)


def _batch(examples: list[Array], size: int) -> list[Array]:
    """Draw inputs like the examples: any floats, but no integers that are not among theirs.

    Floats of the two runs have opposite signs, so that branches on them are likely to differ.
    """
    rng = np.random.default_rng(0)
    return [
        (-1) ** size * rng.standard_normal((max(BATCHES), *x.shape[1:])).astype(x.dtype)[:size]
        if x.dtype.kind == "f"
        else rng.choice(x.ravel(), (size, *x.shape[1:]))
        for x in examples
    ]


def _value(name: str, array: Array, other: Array) -> ValueInfoProto:
    shape: list[str | int | None] = [
        "batch" if (n, m) == BATCHES else n if n == m else None
        for n, m in zip(array.shape, other.shape, strict=True)
    ]
    if array is other:
        shape[0] = "batch"
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), shape)


def _proto(
    title: str, graph: Graph, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]
) -> ModelProto:
    nodes = [
        helper.make_node(node.operator, node.inputs, [node.output], node.output, **node.attributes)
        for node in graph.nodes
    ]
    read = {name for node in graph.nodes for name in node.inputs}
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(array), name)
        for name, array in graph.constants.items() if name in read
    ]  # fmt: skip
    model = helper.make_model(
        helper.make_graph(nodes, title, inputs, outputs, constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="dlcore",
        producer_version=dlcore.__version__,
    )
    model.ir_version = helper.find_min_ir_version_for(model.opset_import)
    checker.check_model(model, full_check=True)
    return model
