"""ONNX: what is exported computes in onnxruntime what it computes here, for every batch size."""

import numpy as np
import onnx
import onnxruntime
import pytest

import dlcore as dl
import dlcore.functional as F
from dlcore import nn
from dlcore.interop.onnx import Unsupported, export
from dlcore.models import MLP
from dlcore.train import predict


def floats(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def session(proto):
    return onnxruntime.InferenceSession(
        proto.SerializeToString(), providers=["CPUExecutionProvider"]
    )


def operators(proto):
    return [node.op_type for node in proto.graph.node]


def settle(model, x):
    """Give normalisations statistics, and weights values, that are not those of the start."""
    rng = np.random.default_rng(5)
    for parameter in model.parameters():
        parameter.data += rng.normal(0, 0.1, parameter.shape).astype(parameter.dtype)
    model(dl.Tensor(x))
    return model


def assert_same(model, x, atol=1e-5):
    settle(model, x)
    proto = export(model, x[:1])
    onnx.checker.check_model(proto, full_check=True)
    runtime = session(proto)
    assert [i.shape for i in runtime.get_inputs()] == [["batch", *x.shape[1:]]]
    for batch in (x, x[:1], np.concatenate([x, x])):
        (out,) = runtime.run(None, {"input": batch})
        expected = predict(model, batch)
        assert out.dtype == expected.dtype
        np.testing.assert_allclose(out, expected, rtol=1e-5, atol=atol)
    return proto


LAYERS = [
    (nn.Linear(4, 3), (4,), ["Gemm"]),
    (nn.Linear(4, 3, bias=False), (4,), ["Gemm"]),
    (nn.Linear(4, 3), (2, 5, 4), ["MatMul", "Add"]),
    (nn.Linear(4, 3, bias=False), (2, 4), ["MatMul"]),
    (nn.Conv1d(4, 6, 3, 2, 1, 2, groups=2), (4, 9), ["Conv"]),
    (nn.Conv1d(2, 3, 4, padding="same", bias=False), (2, 7), ["Conv"]),
    (nn.Conv2d(2, 3, (3, 2), (2, 1), (1, 0)), (2, 7, 6), ["Conv"]),
    (nn.Conv2d(2, 4, (4, 3), padding="same", dilation=2, groups=2), (2, 7, 6), ["Conv"]),
    (nn.Conv2d(2, 4, 3, padding="valid"), (2, 7, 6), ["Conv"]),
    (nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, dilation=2), (4, 5, 4), ["ConvTranspose"]),
    (nn.ConvTranspose2d(2, 3, (2, 3), bias=False), (2, 4, 4), ["ConvTranspose"]),
    (nn.MaxPool1d(3, 2, 1), (2, 8), ["MaxPool"]),
    (nn.MaxPool2d(2), (2, 7, 7), ["MaxPool"]),
    (nn.MaxPool2d((2, 3), 2, (1, 0), 2, ceil_mode=True), (2, 9, 7), ["MaxPool"]),
    (nn.AvgPool1d(3, 1, 1), (2, 7), ["AveragePool"]),
    (nn.AvgPool2d(3, 2, 1), (2, 8, 7), ["AveragePool"]),
    (nn.AvgPool2d((3, 2), 2, (1, 0), count_include_pad=False), (2, 8, 7), ["AveragePool"]),
    (nn.AvgPool2d(2, divisor_override=3), (2, 6, 6), ["AveragePool", "Mul", "Div"]),
    (nn.AdaptiveAvgPool1d(1), (3, 5), ["GlobalAveragePool"]),
    (nn.AdaptiveAvgPool2d(1), (3, 5, 4), ["GlobalAveragePool"]),
    (nn.AdaptiveAvgPool2d((2, None)), (3, 6, 4), ["AveragePool"]),
    (nn.AdaptiveMaxPool2d(1), (3, 5, 4), ["GlobalMaxPool"]),
    (nn.AdaptiveMaxPool2d((3, 2)), (3, 6, 4), ["MaxPool"]),
    (nn.BatchNorm1d(3, eps=0.1), (3,), ["BatchNormalization"]),
    (nn.BatchNorm1d(3, affine=False), (3, 5), ["BatchNormalization"]),
    (nn.BatchNorm2d(3), (3, 4, 4), ["BatchNormalization"]),
    (nn.LayerNorm(4, 0.1), (3, 4), ["LayerNormalization"]),
    (nn.LayerNorm((3, 4), bias=False), (2, 3, 4), ["LayerNormalization"]),
    (nn.LayerNorm(4, elementwise_affine=False), (3, 4), ["LayerNormalization"]),
    (nn.GroupNorm(2, 4), (4, 3, 3), None),
    (nn.RMSNorm(4), (3, 4), None),
    (nn.RMSNorm(4, 0.1, elementwise_affine=False), (3, 4), None),
    (nn.ReLU(), (5,), ["Relu"]),
    (nn.LeakyReLU(0.2), (5,), ["LeakyRelu"]),
    (nn.PReLU(), (5,), ["PRelu"]),
    (nn.PReLU(3), (3, 2, 2), ["PRelu"]),
    (nn.PReLU(3), (3,), ["PRelu"]),
    (nn.ELU(0.5), (5,), ["Elu"]),
    (nn.SiLU(), (5,), ["Sigmoid", "Mul"]),
    (nn.GELU(), (5,), None),
    (nn.GELU("tanh"), (5,), None),
    (nn.Softplus(), (5,), None),
    (nn.Softplus(2.0, 0.5), (5,), None),
    (nn.Tanh(), (5,), ["Tanh"]),
    (nn.Sigmoid(), (5,), ["Sigmoid"]),
    (nn.Softmax(-1), (2, 5), ["Softmax"]),
    (nn.LogSoftmax(1), (2, 5), ["LogSoftmax"]),
    (nn.Flatten(), (2, 3, 2), ["Flatten"]),
    (nn.Flatten(2), (2, 3, 2), ["Reshape"]),
    (nn.Unflatten(1, (2, -1)), (6,), ["Reshape"]),
    (nn.Dropout(0.5), (5,), ["Identity"]),
    (nn.Dropout2d(0.5), (2, 3, 3), ["Identity"]),
    (nn.Identity(), (5,), ["Identity"]),
]


@pytest.mark.parametrize(("model", "shape", "nodes"), LAYERS, ids=lambda v: repr(v)[:60])
def test_a_layer_computes_the_same(model, shape, nodes):
    proto = assert_same(model, floats(4, *shape))
    assert nodes is None or operators(proto) == nodes


@pytest.mark.parametrize("size", [-40.0, 40.0])
def test_activations_are_stable_far_from_zero(size):
    x = np.full((2, 1), size, np.float32)
    for layer in (nn.Softplus(), nn.SiLU(), nn.GELU(), nn.GELU("tanh"), nn.ELU(), nn.Sigmoid()):
        (out,) = session(export(layer, x)).run(None, {"input": x})
        np.testing.assert_allclose(out, predict(layer, x), rtol=1e-5, atol=1e-6)


def test_an_embedding_takes_indices():
    model = nn.Sequential(nn.Embedding(6, 4), nn.Flatten(), nn.Linear(12, 2))
    x = np.array([[0, 5, 2], [1, 1, 3]])
    assert operators(assert_same(model, x)) == ["Gather", "Flatten", "Gemm"]


class Block(nn.Module):
    """A residual block with functions and arithmetic between its layers."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding="same")
        self.scale = nn.Parameter(np.full((1, channels, 1, 1), 0.5, np.float32))

    def forward(self, x):
        out = F.relu(self.norm(self.conv1(x)))
        return F.relu(x + self.scale * self.conv2(out) / 2)


class Pictures(nn.Module):
    """LeNet as one writes it with functions, two residual blocks and two joined roads."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, padding=2)
        self.blocks = nn.Sequential(Block(4), Block(4))
        self.dropout = nn.Dropout()
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        x = F.max_pool2d(F.tanh(self.conv(x)), 2)
        x = dl.cat([F.avg_pool2d(self.blocks(x), 3, 2, 1), -F.max_pool2d(x, 3, 2, 1)], dim=1)
        x = x.mean(dim=(2, 3))
        return F.log_softmax(self.fc(self.dropout(x)), dim=-1)


def test_forward_methods_are_followed():
    model = Pictures()
    proto = assert_same(model, floats(3, 1, 12, 12))
    names = {weight.name for weight in proto.graph.initializer}
    parameters = {name for name, _ in model.named_parameters()}
    assert parameters <= names, "parameters keep their names"
    nodes = [node.name for node in proto.graph.node]
    assert len(set(nodes)) == len(nodes)
    assert any(name.startswith("blocks.1.conv2/Conv") for name in nodes), "nodes name their layer"


class Shapes(nn.Module):
    """Primitives that stand between layers."""

    def forward(self, x):
        rows = x.reshape(x.shape[0] * 2, -1).transpose(0, 1).sum(dim=0)  # (2 N,)
        pairs = rows.reshape(-1, 2).unsqueeze(1).squeeze(1)
        parts = [pairs.exp().log(), (pairs**2).sqrt(), pairs.abs(), 1 - pairs, pairs.sin()]
        return dl.cat([*parts, dl.maximum(pairs.cos(), pairs * 0), x.permute(0, 2, 1).mean(1)], 1)


def test_shapes_follow_the_batch():
    assert_same(Shapes(), floats(4, 2, 3))


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(2, 3), nn.Linear(4, 3)

    def forward(self, x, y):
        hidden = self.a(x) + self.b(y)
        return hidden, F.sigmoid(hidden), hidden


def test_several_inputs_and_outputs():
    model, x, y = Two(), floats(2, 2), floats(2, 4)
    proto = export(model, (x, y), input_names=["x", "y"], output_names=["h", "p", "again"])
    outputs = session(proto).run(None, {"x": x, "y": y})
    for out, expected in zip(outputs, model(dl.Tensor(x), dl.Tensor(y)), strict=True):
        np.testing.assert_allclose(out, expected.data, rtol=1e-5, atol=1e-6)
    assert [i.name for i in session(export(model, (x, y))).get_inputs()] == ["input_0", "input_1"]


def test_a_shared_layer_is_stored_once():
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.Tanh(), layer)
    proto = assert_same(model, floats(2, 3))
    assert [weight.name for weight in proto.graph.initializer] == ["0.weight", "0.bias"]


def test_the_file_is_the_model(tmp_path):
    model, x = MLP([3, 4, 2], rng=np.random.default_rng(0)), floats(5, 3)
    proto = export(model, dl.Tensor(x), tmp_path / "mlp.onnx")
    assert onnx.load(tmp_path / "mlp.onnx") == proto
    runtime = onnxruntime.InferenceSession(
        tmp_path / "mlp.onnx", providers=["CPUExecutionProvider"]
    )
    (out,) = runtime.run(["output"], {"input": x})
    np.testing.assert_allclose(out, predict(model, x), rtol=1e-5, atol=1e-6)


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout())
    model[1].eval()
    seen = []
    model[0].register_forward_hook(lambda module, args, out: seen.append(out.shape))
    model[2].forward = lambda x: 2 * x  # somebody's own
    own = model[2].forward
    before = {name: array.copy() for name, array in model.state_dict().items()}
    export(model, floats(1, 3))
    assert [m.training for m in model.modules()] == [True, True, False, True]
    assert all(np.array_equal(a, before[n]) for n, a in model.state_dict().items())
    assert model[2].forward is own
    assert "forward" not in vars(model[0])
    assert seen == [(2, 3), (3, 3)]
    assert model(dl.ones(2, 3)).requires_grad


class Calls(nn.Module):
    """A layer that calls a function on its input."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


REFUSED = [
    (nn.LSTM(3, 4), (2, 3), r"the model \(LSTM\) uses 'lstm'"),
    (nn.BatchNorm1d(3, track_running_stats=False), (3,), "normalises over a batch"),
    (nn.AdaptiveAvgPool2d(2), (1, 5, 4), r"divides \(5, 4\) into \(2, 2\) regions of unequal"),
    (nn.MaxPool2d(3, 2, ceil_mode=True), (1, 6, 6), r"stand out over the edge of \(6, 6\)"),
    (nn.AvgPool1d(3, 2, ceil_mode=True), (1, 6), r"stand out over the edge of \(6,\)"),
    (Calls(lambda x: x[:, 0]), (3,), r"layer '1.0' \(Calls\) uses 'getitem'"),
    (Calls(lambda x: x * x.data.mean()), (3,), "numbers that depend on the values or the size"),
    (Calls(lambda x: x + np.ones(x.shape, np.float32)), (3,), "numbers that depend on"),
    (Calls(lambda x: x * np.asarray(x)), (3,), r"layer '1.0' \(Calls\) turns a Tensor into an"),
    (Calls(lambda x: -x if x.data[0, 0] > 0 else x.exp()), (3,), "depends on its input"),
    (Calls(lambda x: x if len(x) == 2 else x.relu()), (3,), "depends on its input"),
    (Calls(lambda x: F.linear(x, x)), (3,), "weights that depend on the input"),
]


@pytest.mark.parametrize(("layer", "shape", "message"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_is_not_covered_is_refused_by_name(layer, shape, message):
    model = layer if "the model" in message else nn.Sequential(nn.ReLU(), nn.Sequential(layer))
    with pytest.raises(Unsupported, match=message) as caught:
        export(model, floats(2, *shape))
    assert isinstance(caught.value, NotImplementedError)
    assert str(caught.value).startswith("onnx.export: ")


def test_an_output_must_depend_on_the_input():
    with pytest.raises(Unsupported, match=r"the model \(Calls\) returned Tensor, expected"):
        export(Calls(lambda x: dl.ones(2)), floats(1, 3))


def test_wrong_arguments():
    layer = nn.Linear(3, 2)
    with pytest.raises(ValueError, match=r"args: .* got shapes \[\(0, 3\)\]"):
        export(layer, np.ones((0, 3), np.float32))
    with pytest.raises(ValueError, match=r"input_names: expected 1 different names, got \[\]"):
        export(layer, floats(1, 3), input_names=[])
    with pytest.raises(ValueError, match="output_names: expected 3 different names"):
        export(Two(), (floats(1, 2), floats(1, 4)), output_names=["a", "b", "a"])
    with pytest.raises(ValueError, match=r"Linear: last axis of x must be 3"):
        export(layer, floats(1, 4))
    assert "forward" not in vars(layer), "also after an error"
