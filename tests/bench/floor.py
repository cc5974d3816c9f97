"""What a step of dlcore must cost at least, from the calls of NumPy that it makes.

:class:`Counted` arrays write down every universal function that acts on them. A floor is then

- its matrix products once more, with operands that lie as they lay, into memory that is there, and
- each other call at what the cheapest call costs, or at what writing its result costs at the
  highest speed at which this machine writes, whichever is more.

All of them are calls that the step makes, and no call of NumPy can be cheaper: a lower bound for
this list of calls, not for the task. Python between the calls, tanh and exp, and memory beyond the
first cache come on top.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.bench.workloads import STEPS, Workload

ROOM = ("empty", "ones", "zeros", "full")  # make arrays that have no operand to take after


@dataclass
class Calls:
    """What was called."""

    products: list[tuple[Any, ...]] = field(default_factory=list)  # operands and the place of each
    written: list[int] = field(default_factory=list)  # bytes of each other result


_calls = Calls()


def plain(value: Any) -> Any:
    """View a counted array as an ordinary one."""
    return value.view(np.ndarray) if isinstance(value, Counted) else value


class Counted(np.ndarray):
    """An array that notes what is computed with it."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute as always, and note it."""
        operands = tuple(plain(x) for x in inputs)
        given = options.get("out")
        if given is not None:
            options["out"] = tuple(plain(x) for x in given)
        result = getattr(ufunc, method)(*operands, **options)
        if ufunc is np.matmul:
            _calls.products.append(operands)
        elif method in ("__call__", "reduce"):
            parts = result if isinstance(result, tuple) else (result,)
            _calls.written.append(sum(np.asarray(part).nbytes for part in parts))
        if given is not None:
            return given[0] if len(given) == 1 else given
        return result.view(Counted) if isinstance(result, np.ndarray) else result


def counted(array: Any) -> Any:
    """View an array as one that is counted."""
    return array.view(Counted) if isinstance(array, np.ndarray) else array


def calls_of_step(workload: Workload) -> Calls:
    """Make one step of dlcore after two others, and return the calls of NumPy in it."""
    step = STEPS["dlcore"](workload)
    step()
    step()
    with counting():
        _calls.products.clear()
        _calls.written.clear()
        step()
    return Calls(list(_calls.products), list(_calls.written))


@contextmanager
def counting() -> Iterator[None]:
    """Give dlcore counted arrays at the doors of its rules, forward, backward and of Adam."""
    from dlcore import tape
    from dlcore.function import Function
    from dlcore.optim import Adam

    as_tensors, call_backward, update = Function._as_tensors, tape._call_backward, Adam._update

    def operands(cls: Any, given: Any) -> Any:
        tensors = as_tensors.__func__(cls, given)
        for x in tensors:
            x.data = counted(x.data)
        return tensors

    def step(self: Any, data: Any, grad: Any, state: Any, group: Any) -> None:
        views = {name: counted(value) for name, value in state.items()}
        update(self, counted(data), counted(grad), views, group)
        state.update({name: plain(value) for name, value in views.items()})

    with ExitStack() as stack:
        change = stack.enter_context
        change(patch.object(Function, "_as_tensors", classmethod(operands)))
        change(patch.object(tape, "_call_backward", lambda c, g: call_backward(c, counted(g))))
        change(patch.object(Adam, "_update", step))
        for name in ROOM:
            make = getattr(np, name)
            change(patch.object(np, name, lambda *a, make=make, **k: counted(make(*a, **k))))
        yield


def flops(operands: tuple[Any, ...]) -> float:
    """Count multiplications and additions of a matrix product."""
    x, y = operands
    size = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    n = x.shape[-2] if x.ndim > 1 else 1
    m = y.shape[-1] if y.ndim > 1 else 1
    return 2.0 * float(np.prod(size)) * n * x.shape[-1] * m


def cheapest_call() -> float:
    """Milliseconds of the quickest of three calls on single numbers, written where they stand."""
    a, b = np.ones(1, np.float32), np.ones(1, np.float32)
    calls = (lambda: np.add(a, b, a), lambda: np.negative(a, a), lambda: a.__iadd__(b))
    return min(best(lambda call=call: [call() for _ in range(1000)]) for call in calls) / 1000


def writing() -> float:
    """Bytes a millisecond at the highest speed of writing, whatever the length."""
    arrays = [np.empty(1 << power, np.float32) for power in (12, 14, 16, 18)]
    times = [best(lambda a=a: [a.fill(1.0) for _ in range(100)]) / 100 for a in arrays]
    return max(array.nbytes / time for array, time in zip(arrays, times, strict=True))


def best(work: Callable[[], object], rounds: int = 15) -> float:
    """Shortest time, in milliseconds: what is a bound must not be made longer by a busy machine."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def floor(workload: Workload, median_time: Callable[..., float]) -> dict[str, float]:
    """Measure the floor of a workload beside the step itself."""
    calls = calls_of_step(workload)
    pairs = [(x, y, np.matmul(x, y)) for x, y in calls.products]
    call, speed = cheapest_call(), writing()

    def products() -> None:
        for x, y, out in pairs:
            np.matmul(x, y, out)

    replayed = best(products)
    others = sum(max(call, size / speed) for size in calls.written)
    return {
        "products": len(pairs),
        "mflop": sum(flops(pair[:2]) for pair in pairs) / 1e6,
        "products_ms": replayed,
        "calls": len(calls.written),
        "mib": sum(calls.written) / 2**20,
        "calls_ms": others,
        "call_us": call * 1e3,
        "gb_s": speed / 1e6,
        "step_ms": median_time(STEPS["dlcore"](workload), workload.steps),
    }
