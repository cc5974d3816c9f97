"""PyTorch: tensors that share memory, weights both ways, and the same network built there."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

import dlcore as dl
from dlcore import nn
from dlcore.interop.torch import from_torch, load_from_torch, load_into_torch, to_torch, twin
from dlcore.models import MLP

DTYPES = "float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"


def weights(module):
    return {name: np.copy(array) for name, array in module.state_dict().items()}


def untouched(module, before):
    return all(np.array_equal(value, before[n]) for n, value in module.state_dict().items())


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors_share_memory_both_ways(dtype):
    x = dl.Tensor(np.array([[1, 0, 1], [0, 1, 1]], dtype))
    there = to_torch(x)
    back = from_torch(there)
    assert str(there.dtype) == f"torch.{dtype}"
    assert back.dtype == x.dtype
    assert np.shares_memory(back.data, x.data)
    there[0, 1] = 1
    assert x.data[0, 1] == 1


def test_strides_are_kept():
    x = np.arange(24.0).reshape(4, 6)[::2].T
    there = to_torch(x)
    assert there.shape == (6, 2)
    assert np.shares_memory(there.numpy(), x)
    assert_array_equal(from_torch(there.T).data, x.T)


@pytest.mark.parametrize(
    "x",
    [
        np.broadcast_to(np.float32(2), (3,)),
        np.arange(3.0)[::-1],
        np.arange(3).astype(">i4"),
        np.frombuffer(b"abc", np.uint8),
    ],
    ids=["broadcast", "backwards", "big-endian", "read-only"],
)
def test_what_torch_cannot_share_is_copied(x):
    there = to_torch(x)
    assert_array_equal(there.numpy(), x)
    assert not np.shares_memory(there.numpy(), x)


def test_gradients_are_asked_for_on_the_other_side_too():
    assert to_torch(dl.ones(2)).requires_grad is False
    assert to_torch(dl.tensor([1.0], requires_grad=True)).requires_grad
    result = torch.ones(2, requires_grad=True) * 2  # not a leaf: its history stays behind
    here = from_torch(result)
    assert here.requires_grad
    assert here.is_leaf
    assert from_torch(torch.ones(2)).requires_grad is False


def test_bfloat16_becomes_float32():
    here = from_torch(torch.tensor([1.5, -2.0], dtype=torch.bfloat16))
    assert here.dtype == np.float32
    assert here.tolist() == [1.5, -2.0]


def test_other_things_are_no_tensors():
    with pytest.raises(TypeError, match="x: expected a Tensor of dlcore or an array, got list"):
        to_torch([1.0])
    with pytest.raises(TypeError, match=r"x: expected a torch.Tensor, got ndarray"):
        from_torch(np.ones(2))
    with pytest.raises(TypeError, match="expected real numbers or booleans"):
        from_torch(torch.ones(2, dtype=torch.complex64))


def there_and_here():
    torch.manual_seed(0)
    there = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    there(torch.randn(6, 3))  # moves the running statistics
    return there.eval(), nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).eval()


@pytest.mark.parametrize("as_state", [False, True], ids=["module", "state dict"])
def test_weights_and_buffers_come_from_torch(as_state):
    there, here = there_and_here()
    arrays = here.state_dict()
    assert load_from_torch(here, there.state_dict() if as_state else there) == ([], [])
    assert all(here.state_dict()[name] is array for name, array in arrays.items()), "in place"
    assert here[1].num_batches_tracked == 1
    x = torch.randn(5, 3)
    assert_allclose(here(from_torch(x)).data, there(x).detach().numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("as_state", [False, True], ids=["module", "state dict"])
def test_weights_and_buffers_go_to_torch(as_state):
    there, here = there_and_here()
    here[1].running_mean[:] = 3
    assert load_into_torch(there, here.state_dict() if as_state else here) == ([], [])
    for name, value in there.state_dict().items():
        assert_array_equal(value.numpy(), here.state_dict()[name])
        assert not np.shares_memory(value.numpy(), here.state_dict()[name])


def test_numbers_take_the_dtype_of_the_target():
    there, here = torch.nn.Linear(3, 2, dtype=torch.bfloat16), nn.Linear(3, 2, dtype=np.float64)
    load_from_torch(here, there)
    assert here.weight.dtype == np.float64
    assert_array_equal(here.weight.data, there.weight.detach().double().numpy())
    half = torch.nn.Linear(3, 2, dtype=torch.float16)
    load_into_torch(half, here)
    assert half.weight.dtype == torch.float16


def test_everything_that_does_not_fit_is_named_and_nothing_changed():
    here = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    there = torch.nn.Sequential(torch.nn.Linear(3, 5, bias=False), torch.nn.Linear(4, 2))
    there.extra = torch.nn.Linear(1, 1, bias=False)
    before = weights(here)
    with pytest.raises(ValueError, match="weights do not fit Sequential") as caught:
        load_from_torch(here, there)
    assert str(caught.value).splitlines()[1:] == [
        "  missing names: 0.bias",
        "  unexpected names: extra.weight",
        "  0.weight: expected shape (4, 3), got (5, 3)",
    ]
    assert untouched(here, before)


def test_what_matches_is_copied_if_not_strict():
    here, there = nn.Linear(3, 2), torch.nn.Linear(3, 2, bias=False)
    bias = here.bias.data.copy()
    assert load_from_torch(here, there, strict=False) == (["bias"], [])
    assert load_into_torch(there, here, strict=False) == ([], ["bias"])
    assert_array_equal(here.weight.data, there.weight.detach().numpy())
    assert_array_equal(here.bias.data, bias)
    with pytest.raises(ValueError, match=r"weight: expected shape \(2, 3\), got \(2, 4\)"):
        load_from_torch(here, torch.nn.Linear(4, 2), strict=False)


def test_a_source_must_be_a_module_or_its_state():
    with pytest.raises(TypeError, match="source: expected a module or its state dict, got list"):
        load_from_torch(nn.Linear(2, 2), [torch.nn.Linear(2, 2)])


def tied():
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False))
    model[1].weight = model[0].weight
    return model


def test_a_shared_weight_cannot_take_two_values():
    here, there = (
        tied(),
        torch.nn.Sequential(torch.nn.Embedding(5, 3), torch.nn.Linear(3, 5, False)),
    )
    before = weights(here)
    with pytest.raises(ValueError, match=r"1.weight: is one weight with 0.weight, got two"):
        load_from_torch(here, there)
    assert untouched(here, before)
    there[1].weight = there[0].weight
    load_from_torch(here, there)
    assert_array_equal(here[1].weight.data, there[0].weight.detach().numpy())
    other = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False))
    with pytest.raises(ValueError, match=r"1.weight: is one weight with 0.weight"):
        load_into_torch(there, other)


def floats(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


LAYERS = [
    (lambda: nn.Linear(4, 3, bias=False), floats(2, 4)),
    (lambda: nn.Linear(4, 3, dtype=np.float64), floats(2, 4).astype(np.float64)),
    (lambda: nn.Embedding(6, 3, padding_idx=2), np.array([[1, 2], [5, 0]])),
    (lambda: nn.Conv1d(2, 4, 3, padding="same", groups=2), floats(2, 2, 7)),
    (lambda: nn.Conv2d(2, 3, (3, 2), 2, 1, dilation=2, bias=False), floats(2, 2, 9, 8)),
    (lambda: nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), floats(2, 2, 4, 4)),
    (lambda: nn.MaxPool1d(3, 2, 1), floats(2, 2, 7)),
    (lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True), floats(2, 2, 8, 8)),
    (lambda: nn.AvgPool1d(2, ceil_mode=True), floats(2, 2, 7)),
    (lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False), floats(2, 2, 8, 8)),
    (lambda: nn.AvgPool2d(2, divisor_override=3), floats(2, 2, 4, 4)),
    (lambda: nn.AdaptiveAvgPool1d(3), floats(2, 2, 7)),
    (lambda: nn.AdaptiveAvgPool2d((None, 2)), floats(2, 2, 5, 7)),
    (lambda: nn.AdaptiveMaxPool2d(2), floats(2, 2, 5, 7)),
    (lambda: nn.BatchNorm1d(3, eps=0.1, momentum=0.5), floats(4, 3)),
    (lambda: nn.BatchNorm2d(3, affine=False, track_running_stats=False), floats(4, 3, 2, 2)),
    (lambda: nn.LayerNorm((2, 3), 0.1, bias=False), floats(4, 2, 3)),
    (lambda: nn.GroupNorm(2, 4, affine=False), floats(3, 4, 2)),
    (lambda: nn.RMSNorm(3, 0.1), floats(4, 3)),
    (lambda: nn.PReLU(3, 0.1), floats(2, 3, 4)),
    (lambda: nn.LeakyReLU(0.2), floats(5)),
    (lambda: nn.ELU(0.5), floats(5)),
    (lambda: nn.GELU("tanh"), floats(5)),
    (lambda: nn.Softplus(2.0, 1.0), floats(5)),
    (lambda: nn.SiLU(), floats(5)),
    (lambda: nn.Sigmoid(), floats(5)),
    (lambda: nn.Softmax(0), floats(5, 2)),
    (lambda: nn.LogSoftmax(0), floats(5, 2)),
    (lambda: nn.Flatten(2), floats(2, 3, 2, 2)),
    (lambda: nn.Unflatten(1, (2, -1)), floats(2, 6)),
    (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), floats(2, 1, 3, 3)),
    (lambda: nn.Upsample((4, 5)), floats(2, 1, 3, 3)),
    (lambda: nn.Identity(), floats(3)),
    (lambda: nn.RNN(3, 4, 2, "relu", bidirectional=True), floats(5, 2, 3)),
    (lambda: nn.LSTM(3, 4, bias=False, batch_first=True), floats(5, 2, 3)),
    (lambda: nn.GRU(3, 4, 2), floats(5, 2, 3)),
]


@pytest.mark.parametrize(("make", "x"), LAYERS, ids=lambda v: "" if callable(v) else None)
def test_a_twin_computes_the_same(make, x):
    here = make()
    there = twin(here)
    assert type(there).__name__ == type(here).__name__
    first = lambda out: out[0] if isinstance(out, tuple) else out  # noqa: E731
    own, other = first(here(dl.Tensor(x))).data, first(there(torch.from_numpy(x))).detach().numpy()
    assert own.dtype == other.dtype
    assert_allclose(own, other, rtol=1e-5, atol=1e-6)


def test_every_layer_with_a_twin_is_tried():
    from dlcore.interop.torch.twin import _LAYERS

    tried = {type(make()) for make, _ in LAYERS}
    assert {nn.Bilinear, nn.Dropout, nn.Dropout2d, nn.ReLU, nn.Tanh} == set(_LAYERS) - tried
    for kind in (nn.Dropout, nn.Dropout2d):
        assert type(twin(kind(0.3))).__name__ == kind.__name__
        assert twin(kind(0.3)).p == 0.3
    bilinear = nn.Bilinear(2, 3, 4, bias=False)
    x, y = floats(5, 2), floats(5, 3)
    expected = twin(bilinear)(torch.from_numpy(x), torch.from_numpy(y)).detach().numpy()
    assert_allclose(bilinear(dl.Tensor(x), dl.Tensor(y)).data, expected, rtol=1e-5, atol=1e-6)


def test_a_twin_keeps_containers_modes_and_frozen_weights():
    here = nn.ModuleDict(
        {"body": MLP([3, 4, 2], nn.Tanh), "heads": nn.ModuleList([nn.Linear(2, 1), nn.Dropout()])}
    )
    here["body"].eval()
    here["body"][0].weight.requires_grad_(False)
    there = twin(here)
    assert list(there.state_dict()) == list(here.state_dict())
    assert isinstance(there["body"], torch.nn.Sequential)
    assert not there["body"][0].training
    assert there["heads"][1].training
    assert there["heads"].training
    assert [p.requires_grad for p in there.parameters()] == [
        p.requires_grad for p in here.parameters()
    ]
    there["body"][0].weight.data.zero_()
    assert here["body"][0].weight.data.any(), "a twin has memory of its own"


def test_a_twin_shares_what_is_shared():
    there = twin(tied())
    assert there[0].weight is there[1].weight
    layer = nn.Linear(2, 2)
    again = twin(nn.Sequential(layer, nn.Tanh(), layer))
    assert again[0] is again[2]


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 2)

    def forward(self, x):
        return self.inner(x) + x


class Reversed(nn.Sequential):
    def forward(self, x):
        return super().forward(-x)


def test_a_module_with_its_own_forward_has_no_twin():
    with pytest.raises(TypeError, match=r"module: torch has no layer that is built like Own"):
        twin(Own())
    with pytest.raises(TypeError, match=r"layer '1.0': torch has no layer .* like Reversed"):
        twin(nn.Sequential(nn.ReLU(), nn.Sequential(Reversed())))
