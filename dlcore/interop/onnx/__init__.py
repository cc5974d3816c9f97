"""Trained networks as ONNX files, which run without dlcore and without Python.

Feed-forward and convolutional networks are covered: dense, convolutional, pooling, normalising and
embedding layers, activations, and between them arithmetic, joins and changes of shape.
"""

from dlcore.interop.extras import missing

try:
    import onnx as _installed  # noqa: F401 (asked for here, so that the answer is a clear one)
except ModuleNotFoundError as error:
    raise missing("onnx", "onnx") from error

from dlcore.interop.onnx.export import export as export
from dlcore.interop.onnx.graph import Unsupported as Unsupported
