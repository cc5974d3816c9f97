"""The dense workloads in the from-scratch peers, each written as its own readers would write it.

`workload` is a Dense of :mod:`tests.bench.workloads`: every peer starts from its `weights()`,
trains on its `batch()` and makes the same step of Adam.
"""

import ctypes
import math
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(sys.prefix) / "peers"  # `make bench` installs them there, beside what is locked
PEERS = ("autograd", "tinygrad", "micrograd")
GONE = {  # what importing them says under the NumPy of the lock file
    "dezero 0.0.13": "module 'numpy' has no attribute 'int'",
    "chainer 7.8.1": "`np.sctypes` was removed in the NumPy 2.0 release",
}
LR, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8

Step = Callable[[], list[Any]]

sys.path.append(str(FOLDER))


def missing(peer: str) -> str | None:
    """Say why a peer cannot run here; None if it can."""
    if find_spec(peer) is None:
        return "not installed (`make bench` does)"
    if peer == "tinygrad":
        try:
            (_tinygrad()[0].ones(64).contiguous() + 1).realize()
        except (RuntimeError, OSError) as error:
            return f"no LLVM library for it: {str(error).splitlines()[0]}"
    return None


def runs(peer: str, workload: Any) -> bool:
    """Whether the peer has what the workload needs; micrograd, single numbers, is for the least."""
    return hasattr(workload, "sizes") and (peer != "micrograd" or workload.examples < 10)


def autograd_step(workload: Any) -> Step:
    """Build a step with autograd; it has no optimiser for float32, so Adam stands here."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    x, target = workload.batch()
    weights = workload.weights()
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    activation = anp.tanh if workload.activation == "Tanh" else (lambda z: anp.maximum(z, 0))
    rows, count = np.arange(len(x)), 0

    def loss(weights: list[Any]) -> Any:
        out = x
        for i in range(0, len(weights), 2):
            out = anp.dot(out, weights[i].T) + weights[i + 1]
            out = out if i + 2 == len(weights) else activation(out)
        out = out - anp.max(out, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(out), axis=1)) - out[rows, target])

    slopes = value_and_grad(loss)

    def step() -> list[Any]:
        nonlocal count
        value, grads = slopes(weights)
        count += 1
        for w, g, (mean, square) in zip(weights, grads, moments, strict=True):
            mean += (1 - BETA1) * (g - mean)
            square += (1 - BETA2) * (g * g - square)
            size = LR / (1 - BETA1**count)
            w -= size * mean / (np.sqrt(square / (1 - BETA2**count)) + EPS)
        return [value]

    return step


@cache
def _tinygrad() -> tuple[Any, Any, Any]:
    """Import tinygrad, for the processor, compiled by LLVM, on as many cores as the others get."""
    threads = os.environ.get("OMP_NUM_THREADS", "1")
    os.environ.update({"CPU": "1", "CPU_LLVM": "1", "CPU_COUNT": threads})
    from tinygrad import Tensor, TinyJit
    from tinygrad.nn.optim import Adam
    from tinygrad.runtime.autogen import llvm

    library = getattr(llvm.dll, "_name", "")
    if "LLVM-15" in library or "LLVM-16" in library:  # they write pointers in two ways: ask for one
        words = (ctypes.c_char_p * 2)(b"tinygrad", b"-opaque-pointers")
        ctypes.CDLL(library).LLVMParseCommandLineOptions(2, words, None)
    return Tensor, TinyJit, Adam


def tinygrad_step(workload: Any) -> Step:
    """Build a step with tinygrad, compiled as a whole by its JIT."""
    Tensor, TinyJit, Adam = _tinygrad()
    x, target = (Tensor(array).realize() for array in workload.batch())
    weights = [Tensor(w, requires_grad=True).realize() for w in workload.weights()]
    optimizer = Adam(weights, lr=LR, eps=EPS)

    @TinyJit
    def compiled() -> Any:
        out = x
        for i in range(0, len(weights), 2):
            out = out.linear(weights[i].T, weights[i + 1])
            if i + 2 < len(weights):
                out = out.tanh() if workload.activation == "Tanh" else out.relu()
        loss = out.sparse_categorical_crossentropy(target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.realize()

    def step() -> list[Any]:
        Tensor.training = True
        return [compiled().item()]  # the number, so that the work is done when the clock stops

    return step


def micrograd_step(workload: Any) -> Step:
    """Build a step with micrograd, number by number; tanh, exp and log are made as its own are."""
    from micrograd.engine import Value

    def made(x: Any, value: float, slope: float) -> Any:
        out = Value(value, (x,))

        def backward() -> None:
            x.grad += slope * out.grad

        out._backward = backward
        return out

    def tanh(x: Any) -> Any:
        t = math.tanh(x.data)
        return made(x, t, 1 - t * t)

    def exp(x: Any) -> Any:
        e = math.exp(x.data)
        return made(x, e, e)

    def layer(xs: list[Any], weight: list[Any], bias: list[Any]) -> list[Any]:
        pairs = zip(weight, bias, strict=True)
        return [sum((w * x for w, x in zip(row, xs, strict=True)), b) for row, b in pairs]

    def values(array: Any) -> Any:
        return [values(row) for row in array] if np.ndim(array) else Value(float(array))

    x, target = (array.tolist() for array in workload.batch())
    network = [values(w) for w in workload.weights()]
    flat = [p for w in network for row in w for p in (row if isinstance(row, list) else [row])]
    moments = [[0.0, 0.0] for _ in flat]
    count = 0

    def example(xs: list[Any], label: int) -> Any:
        for i in range(0, len(network), 2):
            xs = layer(xs, network[i], network[i + 1])
            xs = xs if i + 2 == len(network) else [tanh(z) for z in xs]
        total = sum(exp(z) for z in xs)
        return made(total, math.log(total.data), 1 / total.data) - xs[label]

    def step() -> list[Any]:
        nonlocal count
        loss = sum(example(xs, label) for xs, label in zip(x, target, strict=True)) / len(x)
        for p in flat:
            p.grad = 0
        loss.backward()
        count += 1
        for p, m in zip(flat, moments, strict=True):
            m[0] += (1 - BETA1) * (p.grad - m[0])
            m[1] += (1 - BETA2) * (p.grad * p.grad - m[1])
            size = LR / (1 - BETA1**count)
            p.data -= size * m[0] / (math.sqrt(m[1] / (1 - BETA2**count)) + EPS)
        return [loss.data]

    return step
