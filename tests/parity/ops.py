"""PyTorch's samples of its operators, run through dlcore's functions of the same name."""

import operator
import random
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import torch

import dlcore as dl
import dlcore.functional as F
from tests.parity.comparison import EQUAL, REFUSED, Finding, judge, refusal
from tests.parity.conversion import mapped, plain, tensor_of, tensors_in
from tests.parity.differences import ACCEPTED, Difference, found_in
from tests.parity.internals import same_samples, samples_of

Call = Callable[..., Any]

FUNCTION = "nn.functional."
OPERATORS = {  # by the name that torch gives the function
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "true_divide": operator.truediv,
    "neg": operator.neg, "eq": operator.eq, "ne": operator.ne, "lt": operator.lt,
    "le": operator.le, "gt": operator.gt, "ge": operator.ge, "bitwise_and": operator.and_,
    "bitwise_or": operator.or_, "bitwise_not": operator.invert,
}  # fmt: skip
ORDER = {"where": (1, 0, 2), FUNCTION + "embedding": (1, 0)}  # samples begin with what is learnt
RANDOM = {"randn", "multinomial", FUNCTION + "dropout", FUNCTION + "dropout2d"}
UNMOVED = {  # arguments that dlcore does not have, at the value that changes nothing
    "return_indices": (False,),
    "recompute_scale_factor": (None, False),
}
UNFILLED = {"multinomial"}  # the numbers in torch's error samples are whatever lay in memory
MOST_AXES = 64  # of a NumPy array
MOST = 500  # samples of one operator: pooling has thousands, a combination of options each


class Sample(NamedTuple):
    """The arguments of one call, and whether torch refuses them."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    refused: bool = False

    def __str__(self) -> str:
        """Show the call: of tensors their dtype and shape."""
        given = [_shown(value) for value in self.args]
        return ", ".join([*given, *(f"{key}={_shown(v)}" for key, v in self.kwargs.items())])


def check(name: str) -> None:
    """Assert that all samples of an operator agree, or differ as the page of differences says."""
    found = list(findings(name))
    assert found, f"torch has no sample of {name}"
    bad, met = [], set()
    for sample, finding in found:
        if finding.verdict == EQUAL or (sample.refused and finding.verdict == REFUSED):
            continue
        known = found_in(name, finding)
        met.add(known)
        if known is None:
            bad.append(f"{finding.verdict}: {name}({sample}) {finding.text}")
    assert not bad, f"{len(bad)} samples of {name}, first of all\n" + "\n".join(bad[:10])
    unmet = [known.phrase for known in Difference.of(name) if known not in met]
    assert not unmet, f"no sample of {name} differs any more as in {unmet}"


def names() -> list[str]:
    """List the operators of torch's table that exist here, too."""
    table = samples_of("common_methods_invocations", "op_db")
    return [name for name in dict.fromkeys(op.name for op in table) if forms(name)]


def forms(name: str) -> list[Call]:
    """Find what dlcore has under a name of torch: a function, a method, an operator."""
    short = name.removeprefix(FUNCTION)
    if "." in short:
        return []
    places = (F,) if short != name else (F, dl)
    found = [getattr(place, short, None) for place in places]
    if short == name:
        found += [_method(name), OPERATORS.get(name)]
    return [f for f in dict.fromkeys(found) if callable(f) and not isinstance(f, ModuleType | type)]


def _method(name: str) -> Call | None:
    for kind in dl.Tensor.__mro__[:-1]:
        if name in vars(kind):
            member = vars(kind)[name]
            return member.fget if isinstance(member, property) else member
    return None


def findings(name: str) -> Iterator[tuple[Sample, Finding]]:
    """Run all samples of an operator through everything that dlcore has under its name."""
    table = samples_of("common_methods_invocations", "op_db")
    with same_samples():
        for op in (op for op in table if op.name == name):
            for sample in _chosen(_distinct(_samples(op))):
                for form in forms(name):
                    if not sample.refused:
                        yield sample, _agrees(form, op, sample)
                    elif _is_function(form) or isinstance(sample.args[0], torch.Tensor):
                        yield sample, _refuses(form, op, sample)


def _is_function(form: Call) -> bool:
    """Tell a function from a method or an operator, which has a Tensor in front."""
    return form.__module__.startswith("dlcore.functional")


def _samples(op: Any) -> Iterator[Sample]:
    """Yield torch's samples in both floating dtypes, or of integers where it takes no others."""
    floating = {torch.float32, torch.float64} & op.supported_dtypes("cpu")
    wanted = floating or {torch.int64} & op.supported_dtypes("cpu")
    for dtype in sorted(wanted, key=str):
        differentiated = op.supports_autograd and dtype.is_floating_point
        for sample in op.sample_inputs("cpu", dtype, requires_grad=differentiated):
            yield Sample((sample.input, *sample.args), sample.kwargs)
    said = op.error_inputs_func and op.name not in UNFILLED
    for error in op.error_inputs("cpu") if said else ():
        sample = error.sample_input
        yield Sample((sample.input, *sample.args), sample.kwargs, refused=True)


def _chosen(samples: Iterator[Sample]) -> list[Sample]:
    """Draw `MOST` samples where there are more, the same ones in every run, and all errors."""
    found = list(samples)
    agreed = [sample for sample in found if not sample.refused]
    drawn = random.sample(agreed, MOST) if len(agreed) > MOST else agreed
    return drawn + [sample for sample in found if sample.refused]


def _distinct(samples: Iterator[Sample]) -> Iterator[Sample]:
    """Drop samples that differ from an earlier one in their random numbers alone."""
    seen = set()
    for sample in samples:
        key = str(sample)
        axes = max((t.ndim for t in tensors_in(sample[:2])), default=0)
        if key not in seen and axes <= MOST_AXES:
            seen.add(key)
            yield sample


def _shown(value: Any) -> str:
    def leaf(t: torch.Tensor) -> str:
        kind = f"{str(t.dtype).removeprefix('torch.')}{list(t.shape)}"
        lies = "" if t.layout != torch.strided or t.is_contiguous() else f" strides {t.stride()}"
        counted = "" if t.is_floating_point() or t.numel() > 20 else f" {t.tolist()}"
        return kind + lies + counted

    return str(mapped(value, leaf))


def _agrees(form: Call, op: Any, sample: Sample) -> Finding:
    """Call both; what is drawn at random agrees if it has one shape and dtype."""
    tensors = list(tensors_in(sample[:2]))
    drawn = op.name in RANDOM or sample.kwargs.get("dropout_p")
    points = [t for t in tensors if t.requires_grad and not drawn]
    constants = {id(t): tensor_of(t) for t in tensors}

    def ours(leaves: list[dl.Tensor]) -> Any:
        known = constants | {id(t): leaf for t, leaf in zip(points, leaves, strict=True)}
        out = _called(form, op.name, sample, lambda t: known[id(t)])
        return out * 0 if drawn else out

    def theirs(_: list[torch.Tensor]) -> Any:
        out = op(*sample.args, **sample.kwargs)
        return out * 0 if drawn else out

    higher = all(p.dtype == torch.float64 for p in points) and op.supports_gradgrad
    return judge(theirs, ours, points, higher)


def _refuses(form: Call, op: Any, sample: Sample) -> Finding:
    """Hand dlcore what torch refuses."""
    try:
        _called(form, op.name, sample, tensor_of)
    except Exception as error:  # every kind: which one is the question
        return refusal(error)
    return Finding(ACCEPTED)


def _called(form: Call, name: str, sample: Sample, leaf: Callable[[torch.Tensor], Any]) -> Any:
    """Call dlcore with the arguments of a sample, in its own order and words."""
    args, kwargs = plain(mapped(sample[:2], leaf))
    args = [args[i] for i in ORDER.get(name, range(len(args)))]
    kept = {k: v for k, v in kwargs.items() if k not in UNMOVED or v not in UNMOVED[k]}
    return form(*args, **kept)
