"""Forward mode."""

from typing import Any

import numpy as np
import pytest

import dlcore as dl
from dlcore.forward import Dual, derivative, gradient, jacobian, jvp


def test_dual_numbers_multiply_by_the_product_rule() -> None:
    x = Dual(3.0, 1.0)
    y = x * x * x + 2 * x - 1
    assert isinstance(y, Dual)
    assert (y.item(), y.tangent.item()) == (32.0, 29.0)
    assert repr(Dual(1.0, 2.0)) == "Dual(tensor(1.), tangent=tensor(2.))"


def test_dual_shapes_must_agree() -> None:
    with pytest.raises(
        ValueError, match=r"tangent: expected the shape of primal, \(2,\), got \(\)"
    ):
        Dual([1.0, 2.0], 1.0)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_derivative_nests_to_any_order(order: int) -> None:
    f: Any = lambda x: (2 * x).sin()  # noqa: E731
    for _ in range(order):
        f = derivative(f)
    x = 0.3
    expected = 2**order * np.sin(2 * x + order * np.pi / 2)
    assert f(np.float64(x)).item() == pytest.approx(expected, rel=1e-12)


def test_inner_and_outer_perturbations_are_not_confused() -> None:
    """d/dx [x · d/dy (x + y)] is 1, not 2."""
    outer = derivative(lambda x: x * derivative(lambda y: x + y)(1.0))
    assert outer(1.0).item() == 1.0


def test_gradient_equals_reverse_mode() -> None:
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(4, 3)), rng.normal(size=3)
    leaf = dl.tensor(x, requires_grad=True)

    def f(x: dl.Tensor) -> dl.Tensor:
        return (dl.matmul(w, x)).tanh().sum()

    (backward,) = dl.grad(f(leaf), leaf)
    np.testing.assert_allclose(gradient(f)(x).data, backward.data, rtol=1e-12)


def test_gradient_refuses_several_outputs() -> None:
    with pytest.raises(ValueError, match="expected f to return a single number"):
        gradient(lambda x: x * 2)([1.0, 2.0])


def test_jacobian_has_outputs_before_inputs() -> None:
    w = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(jacobian(lambda x: dl.matmul(w, x))(np.ones(3)).data, w)
    matrix = jacobian(lambda x: (x * x).sum(dim=1))(np.ones((2, 3)))
    assert matrix.shape == (2, 2, 3)


def test_jvp_of_two_arguments() -> None:
    out, tangent = jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    assert (out.item(), tangent.item()) == (6.0, 3.0)
    with pytest.raises(ValueError, match="expected one tangent for each of 2 primals, got 1"):
        jvp(lambda x, y: x * y, (2.0, 3.0), (1.0,))
    with pytest.raises(TypeError, match="expected f to return a Tensor, got float"):
        jvp(lambda x: 1.0, 2.0, 1.0)


def test_a_constant_function_has_no_slope() -> None:
    assert derivative(lambda x: dl.tensor(3.0))(1.0).item() == 0.0


def test_hessian_vector_product_by_reverse_over_forward() -> None:
    a = np.array([[2.0, 1.0], [1.0, 4.0]])
    x = dl.tensor(np.array([1.0, -1.0]), requires_grad=True)
    v = dl.tensor(np.array([0.5, 2.0]))
    _, slope = jvp(lambda x: 0.5 * (x @ dl.matmul(a, x)), x, v)
    (product,) = dl.grad(slope, x)
    np.testing.assert_allclose(product.data, a @ v.data)


def test_forward_values_cannot_be_swept_backward() -> None:
    with pytest.raises(TypeError, match="a forward-mode value has no tape"):
        Dual(1.0, 1.0).backward()


def test_integers_become_floats() -> None:
    assert derivative(lambda x: x * x)(3).item() == 6.0


def test_the_level_is_restored_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        derivative(lambda x: x * (1 // 0))(1.0)
    assert derivative(lambda x: x * x)(3.0).item() == 6.0
