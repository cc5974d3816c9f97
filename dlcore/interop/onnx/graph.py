"""The graph of a network, written down while the network runs.

A :class:`Traced` is a Tensor that goes through the network in the place of its input. What layers
and primitives do to it is noted as ONNX nodes in its :class:`Graph`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from dlcore.function import Function
from dlcore.nn import Module
from dlcore.tape import Context
from dlcore.tensor import Tensor


class Unsupported(NotImplementedError):  # noqa: N818 (read as a sentence where it is raised)
    """Something that has no counterpart among the nodes that are written here."""


@dataclass
class Node:
    """One ONNX node.

    Attributes
    ----------
    operator : str
        Its kind: ``"Conv"``.
    inputs : list of str
        Names of values and constants; "" for one that is left out.
    output : str
        Name of the value that it makes.
    attributes : dict
        Options.
    place : str
        The layer that wrote it, for messages.
    """

    operator: str
    inputs: list[str]
    output: str
    attributes: dict[str, Any]
    place: str


@dataclass
class Graph:
    """Nodes in order, and the constants that they read.

    Attributes
    ----------
    weights : dict of int to str
        Names of the parameters, by the identity of their arrays.
    nodes : list of Node
        What was done.
    constants : dict of str to ndarray
        Parameters and other arrays, by name.
    places : list of (str, Module)
        The layers at work, from the outermost to the innermost.
    """

    weights: dict[int, str]
    nodes: list[Node] = field(default_factory=list)
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)
    places: list[tuple[str, Module]] = field(default_factory=list)

    def constant(self, array: NDArray[Any] | Tensor, name: str | None = None) -> str:
        """Keep an array and return its name.

        Parameters
        ----------
        array : ndarray or Tensor
            A parameter, which goes by its own name, or anything else.
        name : str, optional
            What else to call it.

        Returns
        -------
        str
            The name.
        """
        data = array.data if isinstance(array, Tensor) else array
        name = name or self.weights.get(id(data)) or f"constant_{len(self.constants)}"
        self.constants[name] = data
        return name

    def add(self, operator: str, *inputs: Any, **attributes: Any) -> str:
        """Add a node and return the name of its value.

        Parameters
        ----------
        operator : str
            Its kind.
        *inputs : str, Tensor, ndarray or None
            Names, constants, or None for one that is left out.
        **attributes : object
            Options.

        Returns
        -------
        str
            The name.
        """
        path = self.places[-1][0]
        output = f"{path}/{operator}_{len(self.nodes)}".lstrip("/")
        names = [self._name(x) for x in inputs]
        self.nodes.append(Node(operator, names, output, attributes, self._place()))
        return output

    def finish(self, value: str, output: str, taken: set[str]) -> str:
        """Let a value go by the name of an output, or copy it if it goes by another such name.

        Parameters
        ----------
        value : str
            Its name so far.
        output : str
            The name of the output.
        taken : set of str
            Names of inputs and outputs.

        Returns
        -------
        str
            The value's name from now on.
        """
        if value in taken:
            self.nodes.append(Node("Identity", [value], output, {}, "the model"))
            return value
        for node in self.nodes:
            node.inputs = [output if name == value else name for name in node.inputs]
            node.output = output if node.output == value else node.output
        return output

    def _name(self, x: Any) -> str:
        if x is None or isinstance(x, str):
            return x or ""
        return x.name if isinstance(x, Traced) else self.constant(x)

    @contextmanager
    def inside(self, path: str, module: Module) -> Iterator[None]:
        """Remember which layer is at work inside a `with` block."""
        self.places.append((path, module))
        try:
            yield
        finally:
            self.places.pop()

    def refuse(self, reason: str) -> Unsupported:
        """Return an error that names the layer at work.

        Parameters
        ----------
        reason : str
            What cannot be written.

        Returns
        -------
        Unsupported
            To be raised.
        """
        return Unsupported(f"onnx.export: {self._place()} {reason}")

    def _place(self) -> str:
        path, module = self.places[-1]
        return f"{f'layer {path!r}' if path else 'the model'} ({type(module).__name__})"


Writer = Callable[[Graph, tuple[Tensor, ...], dict[str, Any], Tensor], str]


class Traced(Tensor):
    """A Tensor whose fate is written into a graph.

    Parameters
    ----------
    data : ndarray
        Its numbers in this run.
    graph : Graph
        Where to write.
    name : str
        Its name there.
    writers : dict of str to callable
        What writes down each primitive, by the primitive's name.
    """

    __slots__ = ("graph", "name", "writers")

    level = 1  # as dlcore.forward.Dual: primitives hand their operands to lift

    def __init__(
        self, data: NDArray[Any], graph: Graph, name: str, writers: dict[str, Writer]
    ) -> None:
        super().__init__(data)
        self.graph, self.name, self.writers = graph, name, writers

    def lift(
        self, function: type[Function], inputs: tuple[Tensor, ...], options: dict[str, Any]
    ) -> tuple[Tensor, Context]:
        """Compute a primitive on the numbers, and write down that it was called.

        Parameters
        ----------
        function : type[Function]
            The primitive.
        inputs : tuple of Tensor
            Its operands.
        options : dict
            Its options.

        Returns
        -------
        out : Traced
            The result.
        ctx : Context
            The record of the call.
        """
        plain = tuple(Tensor(x.data) if isinstance(x, Traced) else x for x in inputs)
        out, ctx = function.record(plain, options)
        if function.name not in self.writers:
            raise self.graph.refuse(
                f"uses {function.name!r}, for which no ONNX nodes are written here"
            )
        name = self.writers[function.name](self.graph, inputs, options, out)
        return self.like(out.data, name), ctx

    def like(self, data: NDArray[Any], name: str) -> "Traced":
        """Return another value of the same graph."""
        return Traced(data, self.graph, name, self.writers)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Refuse to become an array, which would leave no trace."""
        raise self.graph.refuse("turns a Tensor into an array; its numbers would be constants")
