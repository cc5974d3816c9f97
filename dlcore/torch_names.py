"""Names that readers from PyTorch type first and that dlcore goes without: what to write here.

An attribute that is not there is answered from these tables. A row names what PyTorch has and what
stands for it here: an expression or, behind a dash, a sentence. A test computes both sides of each
row and holds that the page "Where dlcore differs from PyTorch" shows it.
"""

from collections.abc import Mapping
from typing import Any

Rows = Mapping[str, tuple[str, str]]

_ONE_PLACE = "- nothing: all numbers lie in main memory, and there is no device to choose"

TENSOR: Rows = {
    "view": ("x.view(3, 2)", "x.reshape(3, 2)"),
    "view_as": ("x.view_as(m)", "x.reshape(m.shape)"),
    "reshape_as": ("x.reshape_as(m)", "x.reshape(m.shape)"),
    "size": ("x.size(0)", "x.shape[0]"),
    "dim": ("x.dim()", "x.ndim"),
    "nelement": ("x.nelement()", "x.numel()"),
    "element_size": ("x.element_size()", "x.dtype.itemsize"),
    "t": ("x.t()", "x.T"),
    "swapaxes": ("x.swapaxes(0, 1)", "x.transpose(0, 1)"),
    "movedim": ("p.movedim(0, 2)", "p.permute(1, 2, 0)"),
    "contiguous": ("x.contiguous()", "x"),
    "device": ("x.device", _ONE_PLACE),
    "cuda": ("x.cuda()", _ONE_PLACE),
    "cpu": ("x.cpu()", _ONE_PLACE),
    "is_cuda": ("x.is_cuda", _ONE_PLACE),
    "pin_memory": ("x.pin_memory()", _ONE_PLACE),
    "float": ("x.float()", 'x.to("float32")'),
    "double": ("x.double()", 'x.to("float64")'),
    "half": ("x.half()", 'x.to("float16")'),
    "long": ("x.long()", 'x.to("int64")'),
    "int": ("x.int()", 'x.to("int32")'),
    "bool": ("x.bool()", 'x.to("bool")'),
    "type": ("x.type(torch.float64)", 'x.to("float64")'),
    "type_as": ("x.type_as(n)", "x.to(n.dtype)"),
    "is_floating_point": ("x.is_floating_point()", 'x.dtype.kind == "f"'),
    "grad_fn": ("x.grad_fn", "x.node"),
    "max": ("x.max(dim=1)", "x.amax(dim=1), x.argmax(dim=1)"),
    "min": ("x.min(dim=1)", "x.amin(dim=1), x.argmin(dim=1)"),
    "norm": ("x.norm()", "(x * x).sum().sqrt()"),
    "prod": ("x.prod()", "x.numpy().prod()"),
    "cumsum": ("x.cumsum(dim=1)", "x @ dl.ones(3, 3).triu()"),
    "clip": ("x.clip(-1, 1)", "x.clamp(-1, 1)"),
    "median": ("x.median()", "x.flatten().topk((x.numel() + 1) // 2, largest=False)[0][-1]"),
    "count_nonzero": ("x.count_nonzero()", "(x != 0).sum()"),
    "matmul": ("x.matmul(m)", "x @ m"),
    "mm": ("x.mm(m)", "x @ m"),
    "bmm": ("p.bmm(q)", "p @ q"),
    "mv": ("x.mv(v)", "x @ v"),
    "dot": ("v.dot(v)", "v @ v"),
    "outer": ("v.outer(v)", "v[:, None] * v"),
    "add": ("x.add(y)", "x + y"),
    "sub": ("x.sub(y)", "x - y"),
    "mul": ("x.mul(y)", "x * y"),
    "div": ("x.div(y)", "x / y"),
    "neg": ("x.neg()", "-x"),
    "square": ("x.square()", "x**2"),
    "rsqrt": ("y.rsqrt()", "1 / y.sqrt()"),
    "reciprocal": ("y.reciprocal()", "1 / y"),
    "log2": ("y.log2()", "y.log() / np.log(2)"),
    "log10": ("y.log10()", "y.log() / np.log(10)"),
    "log1p": ("y.log1p()", "(1 + y).log()"),
    "expm1": ("x.expm1()", "x.exp() - 1"),
    "maximum": ("x.maximum(y)", "dl.maximum(x, y)"),
    "minimum": ("x.minimum(y)", "dl.minimum(x, y)"),
    "where": ("x.where(b, y)", "dl.where(b, x, y)"),
    "eq": ("x.eq(y)", "x == y"),
    "ne": ("x.ne(y)", "x != y"),
    "lt": ("x.lt(y)", "x < y"),
    "le": ("x.le(y)", "x <= y"),
    "gt": ("x.gt(y)", "x > y"),
    "ge": ("x.ge(y)", "x >= y"),
    "logical_and": ("b.logical_and(b)", "b & b"),
    "logical_or": ("b.logical_or(b)", "b | b"),
    "logical_not": ("b.logical_not()", "~b"),
    "allclose": ("x.allclose(y)", "np.allclose(x.numpy(), y.numpy())"),
    "equal": ("x.equal(y)", "np.array_equal(x.numpy(), y.numpy())"),
    "floor": ("x.floor()", "dl.Tensor(np.floor(x.numpy()))"),
    "ceil": ("x.ceil()", "dl.Tensor(np.ceil(x.numpy()))"),
    "round": ("x.round()", "dl.Tensor(np.round(x.numpy()))"),
    "sign": ("x.sign()", "dl.Tensor(np.sign(x.numpy()))"),
    "isnan": ("x.isnan()", "x != x"),
    "isinf": ("x.isinf()", 'x.abs() == float("inf")'),
    "isfinite": ("x.isfinite()", 'x.abs() < float("inf")'),
    "nonzero": ("x.nonzero()", "dl.Tensor(np.argwhere(x.numpy()))"),
    "gather": ("x.gather(1, n)", "x[np.arange(2)[:, None], n]"),
    "scatter_": ("x.scatter_(1, n, 1.0)", "x[np.arange(2)[:, None], n] = 1.0"),
    "narrow": ("x.narrow(1, 0, 2)", "x[:, 0:2]"),
    "index_select": ("x.index_select(1, i)", "x[:, i]"),
    "masked_select": ("x.masked_select(b)", "x[b]"),
    "unbind": ("x.unbind(0)", "tuple(x)"),
    "flip": ("x.flip(0)", "x[::-1]"),
    "roll": ("x.roll(1, 0)", "dl.cat([x[-1:], x[:-1]])"),
    "sort": ("x.sort(dim=1)", "x.topk(x.shape[1], dim=1, largest=False)"),
    "argsort": ("x.argsort(dim=1)", "x.topk(x.shape[1], dim=1, largest=False).indices"),
    "unique": ("n.unique()", "dl.Tensor(np.unique(n.numpy()))"),
    "bincount": ("i.bincount()", "dl.Tensor(np.bincount(i.numpy()))"),
    "diagonal": ("x.diagonal()", "x[range(2), range(2)]"),
    "expand_as": ("v.expand_as(x)", "v.expand(x.shape)"),
    "repeat": ("x.repeat(2, 1)", "dl.cat([x, x])"),
    "repeat_interleave": ("x.repeat_interleave(2, dim=0)", "x[np.arange(2).repeat(2)]"),
    "new_zeros": ("x.new_zeros(2, 3)", "dl.zeros(2, 3, dtype=x.dtype)"),
    "new_ones": ("x.new_ones(2, 3)", "dl.ones(2, 3, dtype=x.dtype)"),
    "new_tensor": ("x.new_tensor([1.0])", "dl.tensor([1.0], dtype=x.dtype)"),
    "zero_": ("x.zero_()", "x[...] = 0"),
    "fill_": ("x.fill_(2.0)", "x[...] = 2.0"),
    "copy_": ("x.copy_(y)", "x[...] = y"),
    "add_": ("x.add_(y)", "x += y"),
    "sub_": ("x.sub_(y)", "x -= y"),
    "mul_": ("x.mul_(y)", "x *= y"),
    "div_": ("x.div_(y)", "x /= y"),
    "normal_": ("x.normal_()", "x[...] = dl.randn(x.shape)"),
    "uniform_": ("x.uniform_()", "x[...] = dl.rand(x.shape)"),
    "detach_": ("x.detach_()", "x = x.detach()"),
}

IN_PLACE = [
    *("abs_", "clamp_", "cos_", "exp_", "log_", "log_softmax_", "masked_fill_", "pow_", "relu_"),
    *("sigmoid_", "sin_", "softmax_", "sqrt_", "squeeze_", "tanh_", "transpose_", "tril_"),
    *("triu_", "unsqueeze_"),
]  # methods that PyTorch has in two forms

FRONT: Rows = {
    "manual_seed": ("torch.manual_seed(0)", "dl.seed(0)"),
    "Generator": ("torch.Generator().manual_seed(0)", "np.random.default_rng(0), given as rng="),
    "from_numpy": ("torch.from_numpy(a)", "dl.Tensor(a)"),
    "as_tensor": ("torch.as_tensor(a)", "dl.Tensor(a)"),
    "FloatTensor": ("torch.FloatTensor([1, 2])", 'dl.tensor([1, 2], dtype="float32")'),
    "LongTensor": ("torch.LongTensor([1, 2])", "dl.tensor([1, 2])"),
    "is_tensor": ("torch.is_tensor(x)", "isinstance(x, dl.Tensor)"),
    "numel": ("torch.numel(x)", "x.numel()"),
    "Size": ("torch.Size([2, 3])", "(2, 3)"),
    "save": ("torch.save(net.state_dict(), f)", "dl.train.save_file(net.state_dict(), f)"),
    "load": ("torch.load(f)", "dl.train.load_file(f)"),
    "device": ('torch.device("cpu")', _ONE_PLACE),
    "cuda": ("torch.cuda.is_available()", _ONE_PLACE),
    "accelerator": ("torch.accelerator.is_available()", _ONE_PLACE),
    "backends": ("torch.backends.mps.is_available()", _ONE_PLACE),
    "compile": ("torch.compile(net)", "net"),
    "autocast": ("torch.autocast(...)", "- nothing: numbers keep one dtype from end to end"),
    "amp": ("torch.amp", "- nothing: numbers keep one dtype from end to end"),
    "inference_mode": ("torch.inference_mode()", "dl.no_grad()"),
    "set_grad_enabled": ("torch.set_grad_enabled(False)", "dl.no_grad()"),
    "autograd": ("torch.autograd.grad(z, w)", "dl.grad(z, w)"),
    "utils": ("torch.utils.data.DataLoader", "dl.data.DataLoader"),
    "onnx": ("torch.onnx.export", "dl.interop.onnx"),
    "double": ("torch.double", "dl.float64"),
    "float": ("torch.float", "dl.float32"),
    "long": ("torch.long", "dl.int64"),
    "half": ("torch.half", '"float16"'),
    "float16": ("torch.float16", '"float16"'),
    "bfloat16": ("torch.bfloat16", "dl.float32"),
    "int": ("torch.int", '"int32"'),
    "int32": ("torch.int32", '"int32"'),
    "uint8": ("torch.uint8", '"uint8"'),
    "bool": ("torch.bool", '"bool"'),
    "inf": ("torch.inf", 'float("inf")'),
    "nan": ("torch.nan", 'float("nan")'),
    "pi": ("torch.pi", "np.pi"),
    "empty": ("torch.empty(2, 3)", "dl.zeros(2, 3)"),
    "linspace": ("torch.linspace(0, 1, 5)", 'dl.tensor(np.linspace(0, 1, 5), dtype="float32")'),
    "randint": ("torch.randint(0, 5, (2, 3))", "dl.tensor(rng.integers(0, 5, (2, 3)))"),
    "randperm": ("torch.randperm(5)", "dl.tensor(rng.permutation(5))"),
    "normal": ("torch.normal(0.0, 2.0, (2, 3))", "2.0 * dl.randn(2, 3)"),
    "bernoulli": (
        "torch.bernoulli(torch.full((2, 3), 0.5))",
        '(dl.rand(b.shape) < 0.5).to("float32")',
    ),
    "rand_like": ("torch.rand_like(x)", "dl.rand(x.shape)"),
    "randn_like": ("torch.randn_like(x)", "dl.randn(x.shape)"),
    "empty_like": ("torch.empty_like(x)", "dl.zeros_like(x)"),
    "full_like": ("torch.full_like(x, 7.0)", "dl.full(x.shape, 7.0, dtype=x.dtype)"),
    "concat": ("torch.concat([x, y])", "dl.cat([x, y])"),
    "hstack": ("torch.hstack([x, y])", "dl.cat([x, y], dim=1)"),
    "vstack": ("torch.vstack([x, y])", "dl.cat([x, y])"),
    "einsum": ('torch.einsum("ij,jk->ik", x, m)', "x @ m"),
    "tril_indices": ("torch.tril_indices(3, 3)", "dl.tensor(np.stack(np.tril_indices(3)))"),
    "set_printoptions": ("torch.set_printoptions(precision=3)", "np.set_printoptions(precision=3)"),
}

FUNCTIONAL: Rows = {
    "pad": ("F.pad(x, (1, 0))", "dl.cat([dl.zeros(2, 1), x], dim=1)"),
    "relu6": ("F.relu6(x)", "x.clamp(0, 6)"),
    "hardtanh": ("F.hardtanh(x)", "x.clamp(-1, 1)"),
    "logsigmoid": ("F.logsigmoid(x)", "-F.softplus(-x)"),
    "softmin": ("F.softmin(x, dim=1)", "F.softmax(-x, dim=1)"),
    "softsign": ("F.softsign(x)", "x / (1 + x.abs())"),
    "mish": ("F.mish(x)", "x * F.softplus(x).tanh()"),
    "glu": ("F.glu(p)", "p[..., :1] * p[..., 1:].sigmoid()"),
    "upsample": ("F.upsample(x)", "- F.interpolate"),
    "instance_norm": ("F.instance_norm(p)", "F.group_norm(p, p.shape[1])"),
}

LAYERS: Rows = {
    "functional": ("torch.nn.functional", "dlcore.functional"),
    "utils": ("nn.utils.clip_grad_norm_", "dl.optim.clip_grad_norm_"),
    "modules": ("nn.modules.Linear", "nn.Linear"),
    "parallel": ("nn.parallel.DataParallel(net)", "net"),
    "DataParallel": ("nn.DataParallel(net)", "net"),
    "InstanceNorm2d": ("nn.InstanceNorm2d(4)", "nn.GroupNorm(4, 4, affine=False)"),
    "ReLU6": ("nn.ReLU6()(x)", "x.clamp(0, 6)"),
    "Hardtanh": ("nn.Hardtanh()(x)", "x.clamp(-1, 1)"),
    "LogSigmoid": ("nn.LogSigmoid()(x)", "-F.softplus(-x)"),
    "ParameterList": ("nn.ParameterList([...])", "- register_parameter(name, parameter) for each"),
}

MODULE: Rows = {
    "cuda": ("net.cuda()", _ONE_PLACE),
    "cpu": ("net.cpu()", _ONE_PLACE),
    "float": ("net.float()", 'net.to("float32")'),
    "double": ("net.double()", 'net.to("float64")'),
    "half": ("net.half()", 'net.to("float16")'),
    "compile": ("net.compile()", "net"),
    "get_submodule": ('net.get_submodule("0")', 'dict(net.named_modules())["0"]'),
    "get_parameter": ('net.get_parameter("0.weight")', 'dict(net.named_parameters())["0.weight"]'),
}

TABLES: Mapping[str, Rows] = {
    "Tensor": TENSOR,
    "dlcore": FRONT,
    "dlcore.functional": FUNCTIONAL,
    "dlcore.nn": LAYERS,
    "Module": MODULE,
}


def missing(owner: str, name: str, places: Mapping[str, Any]) -> AttributeError:
    """Make the error for a name that is not there.

    Parameters
    ----------
    owner : str
        Whose attribute was asked for: a key of `TABLES`.
    name : str
        The name.
    places : mapping of str to object
        Where else it may be, by what is written before the dot.

    Returns
    -------
    AttributeError
        It says what to write, if that is known.
    """
    said = advice(owner, name, places)
    error = AttributeError(f"{owner} has no attribute {name!r}{said}")
    if said:
        error.name = name  # so that Python suggests no other name behind it
    return error


def advice(owner: str, name: str, places: Mapping[str, Any]) -> str:
    """Say what to write for a name of PyTorch; nothing if that is not known."""
    of_tensors = owner == "Tensor" or "x" in places  # functions are methods here, for the most part
    for table in (TABLES.get(owner, {}), TENSOR if of_tensors else {}):
        if name in table:
            theirs, ours = table[name]
            return f": for PyTorch's {theirs} write {ours.removeprefix('- ')}"
    if of_tensors and name in IN_PLACE:
        return f": write x = x.{name[:-1]}(...), or x[...] = x.{name[:-1]}(...) to change x itself"
    for place, value in places.items():
        if name in dir(value) and not name.startswith("_"):
            return f": write {place}.{name}" + ("(...)" if place == "x" else "")
    return ""


class _Absent:
    """An attribute that is not there, and says what is."""

    __doc__ = None  # nor is it documented

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        raise missing("Tensor", self.name, {})

    def __repr__(self) -> str:
        return f"<absent{advice('Tensor', self.name, {})}>"


class Unlisted:
    """Base of Tensors: answers to the names that they do not have, and does not list them.

    A ``__getattr__`` would do the same, but makes every other attribute slower to read: a step of
    a small network took 4 % longer with it.
    """

    __slots__ = ()

    def __dir__(self) -> list[str]:
        """List the attributes that are there."""
        return sorted(set(super().__dir__()) - TENSOR.keys() - set(IN_PLACE))


for _name in (*TENSOR, *IN_PLACE):
    setattr(Unlisted, _name, _Absent(_name))
