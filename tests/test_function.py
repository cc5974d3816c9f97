"""The base of primitives."""

from typing import Any

import numpy as np
import pytest

import dlcore as dl
from dlcore.methods import PRIMITIVES


def _identity(ctx: Any, x: Any) -> Any:
    return x


def test_a_primitive_needs_all_three_rules() -> None:
    with pytest.raises(TypeError, match="HalfDone: a primitive needs a jvp rule"):
        type("HalfDone", (dl.Function,), {"forward": _identity, "backward": _identity})


def test_a_readers_primitive_stays_out_of_the_library() -> None:
    rules = {rule: staticmethod(_identity) for rule in ("forward", "backward", "jvp")}
    made = type("OwnThing", (dl.Function,), rules)
    assert made.name == "own_thing"
    assert "own_thing" not in PRIMITIVES


def test_operands_are_counted() -> None:
    with pytest.raises(TypeError, match="add: expected 2 operands, got 1"):
        PRIMITIVES["add"].apply(dl.ones(1))


def test_there_are_no_instances() -> None:
    with pytest.raises(TypeError, match="there are no instances"):
        PRIMITIVES["add"]()


def test_tensors_are_not_wrapped_twice() -> None:
    with pytest.raises(TypeError, match=r"got a Tensor; use x.detach\(\)"):
        dl.Tensor(dl.ones(1))  # type: ignore[arg-type]


def test_a_wrong_rule_is_caught_and_named() -> None:
    class WrongSquare(dl.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save(x)
            return x * x

        @staticmethod
        def backward(ctx: Any, grad_out: Any) -> Any:
            return grad_out * ctx.saved[0]  # the factor 2 is missing

        @staticmethod
        def jvp(ctx: Any, dx: Any) -> Any:
            return 2 * ctx.saved[0] * dx

    x = dl.tensor(np.array([[0.0, 3.0]]), requires_grad=True)
    with pytest.raises(dl.GradcheckError) as caught:
        dl.gradcheck(WrongSquare.apply, x)
    message = str(caught.value)
    assert message.startswith("WrongSquare.apply: ")
    assert "gradient of input 0 at index (0, 1)" in message
    assert "1 of 2 elements are wrong" in message


def test_gradcheck_refuses_what_it_cannot_check() -> None:
    with pytest.raises(TypeError, match="input 0 must be float64, got float32"):
        dl.gradcheck(lambda x: x, dl.ones(1, requires_grad=True))
    with pytest.raises(ValueError, match="at least one input with requires_grad=True"):
        dl.gradcheck(lambda x: x, dl.ones(1))


def test_gradcheck_does_not_let_nan_pass() -> None:
    x = dl.tensor(np.array([1.0]), requires_grad=True)
    with pytest.raises(dl.GradcheckError):
        dl.gradcheck(lambda x: x * np.array(np.nan), x)


def test_gradgradcheck_finds_a_wrong_second_derivative() -> None:
    class FlatSlope(dl.Function):
        """x² with the right gradient, told in a way that hides its dependence on x."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.slope = 2 * x
            return x * x

        @staticmethod
        def backward(ctx: Any, grad_out: Any) -> Any:
            return grad_out * ctx.slope

        @staticmethod
        def jvp(ctx: Any, dx: Any) -> Any:
            return ctx.slope * dx

    x = dl.tensor(np.array([1.5]), requires_grad=True)
    assert dl.gradcheck(FlatSlope.apply, x)
    with pytest.raises(dl.GradcheckError):
        dl.gradgradcheck(FlatSlope.apply, x)
