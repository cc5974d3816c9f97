"""PyTorch's samples of its modules, run through the layers and losses of the same name."""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch

import dlcore as dl
import dlcore.functional as F
from dlcore import nn
from tests.parity.comparison import EQUAL, REFUSED, Finding, judge, refusal
from tests.parity.conversion import array_of, mapped, plain, tensor_of, tensors_in
from tests.parity.differences import ACCEPTED, Difference, found_among
from tests.parity.internals import same_samples, samples_of

STACKS = {  # hundreds of samples of one architecture, of which a part is drawn
    "Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoderLayer",
}  # fmt: skip
DRAWN = 12  # for each mode, which has one dtype then
UNMOVED = {  # arguments that dlcore does not have, at the value that changes nothing
    "add_bias_kv": False, "add_zero_attn": False, "proj_size": 0, "return_indices": False,
}  # fmt: skip

RECURRENT = ("RNN", "GRU", "LSTM")
DIFFERENCES = [
    Difference("`LSTM` has no `proj_size`", "'proj_size'", ("LSTM",)),
    Difference(
        "has no `add_bias_kv` and no `add_zero_attn`", "'add_bias_kv'|'add_zero_attn'",
        ("MultiheadAttention",),
    ),
    Difference("pooling returns no indices", "'return_indices'", ("MaxPool1d", "MaxPool2d")),
    Difference("the input of a layer is given by its place", "'input'", ("Linear",)),
    Difference("recurrent layers are differentiated once", "differentiated twice", RECURRENT),
    Difference("the mean of no example is an error", "no example counts", ("CrossEntropyLoss",)),
    Difference(
        "no statistics of a batch without examples", "more than one element",
        ("BatchNorm1d", "BatchNorm2d"),
    ),
]  # fmt: skip


class Sample(NamedTuple):
    """How a layer is made and called, in which dtype and mode."""

    made: Any
    called: Any
    dtype: torch.dtype
    training: bool

    def __str__(self) -> str:
        """Show both calls: of tensors their dtype and shape."""
        return " ".join(_shown(part) for part in (self.made, self.called)) + (
            "" if self.training else " in evaluation"
        )


def check(name: str) -> None:
    """Assert that all samples of a module agree, or differ as the page of differences says."""
    bad, met = [], set()
    for sample, finding in findings(name):
        if finding.verdict == EQUAL:
            continue
        known = found_among(DIFFERENCES, name, finding)
        met.add(known)
        if known is None:
            bad.append(f"{finding.verdict}: {name} {sample} {finding.text}")
    assert not bad, f"{len(bad)} samples of {name}, first of all\n" + "\n".join(bad[:10])
    unmet = [d.phrase for d in DIFFERENCES if name in d.names and d not in met]
    assert not unmet, f"no sample of {name} differs any more as in {unmet}"


def names() -> list[str]:
    """List the modules of torch's table that exist here, too."""
    found = [info.module_cls.__name__ for info in samples_of("common_modules", "module_db")]
    return [name for name in dict.fromkeys(found) if hasattr(nn, name)]


def findings(name: str) -> Iterator[tuple[Sample, Finding]]:
    """Run all samples of a module, and those that torch refuses."""
    table = samples_of("common_modules", "module_db")
    info = next(info for info in table if info.module_cls.__name__ == name)
    with same_samples():
        for sample in _samples(info, name):
            yield sample, _agrees(info, name, sample)
        if info.module_error_inputs_func is not None:
            errors = info.module_error_inputs_func(
                info, device="cpu", dtype=torch.float32, requires_grad=False, training=True
            )
            for error in errors:
                given = error.module_error_input
                sample = Sample(given.constructor_input, given.forward_input, torch.float32, True)
                finding = _refuses(name, sample)
                if finding.verdict != REFUSED:
                    yield sample, finding


def _samples(info: Any, name: str) -> Iterator[Sample]:
    modes = (True, False) if info.train_and_eval_differ else (True,)
    runs = [(mode, dtype) for mode in modes for dtype in (torch.float32, torch.float64)]
    if name in STACKS:
        runs = [(True, torch.float32), (False, torch.float64)]
    for training, dtype in runs:
        samples = info.module_inputs_func(
            info, device="cpu", dtype=dtype, requires_grad=True, training=training
        )
        for given in random.sample(samples, DRAWN) if name in STACKS else samples:
            yield Sample(given.constructor_input, given.forward_input, dtype, training)


def _agrees(info: Any, name: str, sample: Sample) -> Finding:
    made, called = sample.made, sample.called
    layer = info.module_cls(*made.args, **made.kwargs).to(sample.dtype).train(sample.training)
    state = {key: array_of(value) for key, value in layer.state_dict().items()}
    given = {id(t): t for t in tensors_in([called.args, called.kwargs])}
    points = [t for t in given.values() if t.requires_grad]
    learnt = [key for key, _ in layer.named_parameters()]

    def theirs(_: list[torch.Tensor]) -> Any:
        out = layer(*called.args, **called.kwargs)
        return [out, [buffer.clone() for buffer in layer.buffers()]]

    def ours(leaves: list[dl.Tensor]) -> Any:
        here = _made(name, sample)
        here.load_state_dict(state)
        for key, leaf in zip(learnt, leaves[len(points) :], strict=True):
            _place(here, key, leaf)
        inputs = {id(t): tensor_of(t) for t in given.values()}
        inputs |= {id(t): leaf for t, leaf in zip(points, leaves, strict=False)}
        out = _called(here, sample, lambda t: inputs[id(t)])
        return [out, [dl.Tensor(buffer) for buffer in here.buffers()]]

    higher = sample.dtype == torch.float64 and info.supports_gradgrad and name not in STACKS
    return judge(theirs, ours, [*points, *layer.parameters()], higher)


def _refuses(name: str, sample: Sample) -> Finding:
    """Hand dlcore what torch refuses, at one of the two calls."""
    try:
        here = _made(name, sample)
        if sample.called is not None:
            _called(here, sample, tensor_of)
    except Exception as error:  # every kind: which one is the question
        return refusal(error)
    return Finding(ACCEPTED)


def _made(name: str, sample: Sample) -> nn.Module:
    args, kwargs = plain(mapped([sample.made.args, sample.made.kwargs], tensor_of))
    kept = {k: _ours(v) for k, v in kwargs.items() if k not in UNMOVED or v != UNMOVED[k]}
    here = getattr(nn, name)(*map(_ours, args), **kept)
    return here.to(str(sample.dtype).removeprefix("torch.")).train(sample.training)


def _called(here: nn.Module, sample: Sample, leaf: Callable[[torch.Tensor], Any]) -> Any:
    args, kwargs = plain(mapped([sample.called.args, sample.called.kwargs], leaf))
    return here(*args, **kwargs)


def _ours(value: Any) -> Any:
    """Turn functions and layers that are arguments into dlcore's."""
    if isinstance(value, torch.nn.TransformerEncoderLayer):
        attention = value.self_attn
        return nn.TransformerEncoderLayer(
            attention.embed_dim, attention.num_heads, value.linear1.out_features, value.dropout.p,
            value.activation.__name__, batch_first=attention.batch_first,
            norm_first=value.norm_first, bias=value.linear1.bias is not None,
        )  # fmt: skip
    return getattr(F, value.__name__) if callable(value) else value


def _place(here: nn.Module, key: str, leaf: dl.Tensor) -> None:
    """Put a leaf, or a forward-mode value, where a parameter was."""
    *path, name = key.split(".")
    owner: Any = here
    for step in path:
        owner = owner._modules[step]
    owner._parameters[name] = leaf


def _shown(part: Any) -> str:
    if part is None:
        return ""
    shapes = mapped([list(part.args), part.kwargs], lambda t: f"{str(t.dtype)[6:]}{list(t.shape)}")
    return f"{shapes[0]} {shapes[1]}"
