"""The checks themselves are checked: a rule that is off by one part in a thousand is caught."""

from typing import Any

import numpy as np
import pytest

import dlcore as dl
from dlcore.forward import jvp
from dlcore.ops.registry import REGISTRY, Row
from tests.ops.cases import CASES, draw_operands

ROWS = [pytest.param(row, id=row.name) for row in REGISTRY.values()]


def _off(rule: Any) -> staticmethod:
    """Scale everything that a rule returns by 1.001."""

    def wrong(ctx: Any, *args: Any) -> Any:
        out = rule(ctx, *args)
        if isinstance(out, tuple):
            return tuple(None if g is None else g * 1.001 for g in out)
        return out * 1.001

    return staticmethod(wrong)


@pytest.mark.parametrize("row", ROWS)
def test_a_wrong_backward_rule_is_caught(row: Row, monkeypatch: Any) -> None:
    case = CASES[row.name][0]
    operands = [
        dl.Tensor(a, requires_grad=True) for a in draw_operands(row, np.random.default_rng(0), case)
    ]
    monkeypatch.setattr(row.function, "backward", _off(row.function.backward))
    with pytest.raises(dl.GradcheckError, match="from finite differences"):
        dl.gradcheck(lambda *xs: row.function.apply(*xs, **case.options), operands)


@pytest.mark.parametrize("row", ROWS)
def test_a_wrong_tangent_rule_is_caught(row: Row, monkeypatch: Any) -> None:
    rng, case = np.random.default_rng(0), CASES[row.name][0]
    arrays = draw_operands(row, rng, case)
    tangents = tuple(dl.Tensor(rng.normal(size=a.shape)) for a in arrays)

    def products() -> tuple[float, float]:
        leaves = [dl.Tensor(a, requires_grad=True) for a in arrays]
        out = row.function.apply(*leaves, **case.options)
        u = rng.normal(size=out.shape)
        grads = dl.grad(out, leaves, dl.Tensor(u))
        _, t = jvp(lambda *xs: row.function.apply(*xs, **case.options), tuple(arrays), tangents)
        backward_side = sum(np.sum(g.data * v.data) for g, v in zip(grads, tangents, strict=True))
        return float(np.sum(u * t.data)), float(backward_side)

    forward_side, backward_side = products()
    assert forward_side == pytest.approx(backward_side, rel=1e-9)
    monkeypatch.setattr(row.function, "jvp", _off(row.function.jvp))
    forward_side, backward_side = products()
    assert forward_side != pytest.approx(backward_side, rel=1e-6)
