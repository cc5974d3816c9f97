"""A run of a model in which everything that happens to its input is written down."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.interop.onnx.graph import Graph, Traced, Unsupported
from dlcore.interop.onnx.layers import LAYERS
from dlcore.interop.onnx.primitives import PRIMITIVES
from dlcore.nn import Module
from dlcore.nn.module import mode
from dlcore.tape import no_grad
from dlcore.tensor import Tensor

Array = NDArray[Any]
Outputs = list[tuple[str, Array]]


def trace(model: Module, inputs: list[Array], names: list[str]) -> tuple[Graph, Outputs]:
    """Run a model in evaluation mode and write down what it does.

    Parameters
    ----------
    model : Module
        The model.
    inputs : list of ndarray
        Its inputs.
    names : list of str
        Their names.

    Returns
    -------
    graph : Graph
        What was done.
    outputs : list of (str, ndarray)
        Name and value of each output.

    Raises
    ------
    Unsupported
        If something cannot be written down.
    """
    named = reversed(model.state_dict().items())  # of several names, the first stays
    graph = Graph({id(array): name for name, array in named})
    given = [Traced(x, graph, n, PRIMITIVES) for x, n in zip(inputs, names, strict=True)]
    with ExitStack() as stack:
        stack.enter_context(mode(model, training=False))
        stack.enter_context(no_grad())
        stack.enter_context(np.errstate(all="ignore"))  # any numbers go in, and none are kept
        for path, module in model.named_modules():
            stack.enter_context(_watched(graph, path, module))
        out = model(*given)
    outputs = list(out) if isinstance(out, tuple | list) else [out]
    for x in outputs:
        if not isinstance(x, Traced):
            raise Unsupported(
                f"onnx.export: the model ({type(model).__name__}) returned "
                f"{type(x).__name__}, expected Tensors that depend on its input"
            )
    return graph, [(x.name, x.data) for x in outputs]


@contextmanager
def _watched(graph: Graph, path: str, module: Module) -> Iterator[None]:
    """Let a layer write itself down when it is called; inside, graph knows where it is."""
    original = module.forward
    own = module.__dict__.get("forward")
    writer = LAYERS.get(type(module))

    def forward(*args: Any, **kwargs: Any) -> Any:
        with graph.inside(path, module):
            if writer is not None and len(args) == 1 and isinstance(args[0], Traced):
                x = args[0]
                out = original(Tensor(x.data), **kwargs)
                name = writer(graph, module, x, out)
                if name is not None:
                    return x.like(out.data, name)
            return original(*args, **kwargs)

    object.__setattr__(module, "forward", forward)
    try:
        yield
    finally:
        del module.__dict__["forward"]
        if own is not None:
            object.__setattr__(module, "forward", own)


def same(graph: Graph, other: Graph) -> None:
    """Compare two runs, and let axes of changed shapes that differ between them be of any length.

    Parameters
    ----------
    graph : Graph
        One run; its shapes are changed.
    other : Graph
        The other, on a batch of another size.

    Raises
    ------
    Unsupported
        If anything else differs.
    """
    steps = [[(n.operator, n.inputs, n.attributes) for n in g.nodes] for g in (graph, other)]
    if steps[0] != steps[1]:
        raise Unsupported("onnx.export: what the model does depends on its input")
    for node in graph.nodes:
        for name in node.inputs:
            if name not in graph.constants:
                continue
            own, its = graph.constants[name], other.constants[name]
            if own is its or np.array_equal(own, its, equal_nan=own.dtype.kind == "f"):
                continue
            differ = own != its if own.shape == its.shape else np.ones(own.shape, bool)
            if node.operator != "Reshape" or differ.sum() != 1:
                raise Unsupported(
                    f"onnx.export: {node.place} uses numbers that depend on the values or the "
                    "size of its input, and that were computed outside of layers and primitives"
                )
            graph.constants[name] = np.where(differ, -1, own)
