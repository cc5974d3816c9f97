"""The error function, which NumPy lacks."""

from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.tape import Context

# Chebyshev coefficients of log(erfc(z) / t) + z² in 2t - 1, where t = 2 / (2 + z) and z ≥ 0. They
# were computed to 30 digits from the definition; what follows the last one is below 2e-18.
_CHEBYSHEV = (
    -1.30265371978170943, 0.64196979235649026, 0.0194764732041858363, -0.00956151478680863164,
    -0.000946595344482036866, 0.000366839497852761452, 4.25233248069077716e-5,
    -2.02785781125342432e-5, -1.62429000464702551e-6, 1.3036558355805232e-6,
    1.56264417220661432e-8, -8.52380959149265425e-8, 6.5290544390988515e-9,
    5.05934349555146894e-9, -9.91364156493033087e-10, -2.27365122293183586e-10,
    9.6467911020155268e-11, 2.39403808303911474e-12, -6.8860275264975534e-12,
    8.94487927309072572e-13, 3.13092139934295808e-13, -1.12708223613672524e-13,
    3.81090525518923205e-16, 7.10609761360923699e-15, -1.5230282014571043e-15,
    -9.45749457129123394e-17, 1.21023718922427899e-16, -2.81666308774717691e-17,
)  # fmt: skip


def erf(x: Any) -> Any:
    """Compute the error function of an array by a Chebyshev series.

    Parameters
    ----------
    x : numpy.ndarray
        Floating-point numbers of any shape.

    Returns
    -------
    numpy.ndarray
        ``2 / sqrt(pi)`` times the integral of ``exp(-t²)`` from 0 to x, to about 1e-15.
    """
    z = np.abs(np.asarray(x, np.float64))
    t = 2 / (2 + z)
    # float32 is exact to its last digit with the first fourteen terms.
    terms = _CHEBYSHEV if x.dtype == np.float64 else _CHEBYSHEV[:14]
    later, now = np.zeros_like(t), np.zeros_like(t)
    for coefficient in reversed(terms[1:]):  # Clenshaw's recurrence
        later, now = now, (4 * t - 2) * now - later + coefficient
    erfc = t * np.exp(-z * z + 0.5 * (terms[0] + (4 * t - 2) * now) - later)
    return np.asarray(np.copysign(1 - erfc, x), x.dtype)


class Erf(Function):
    """Error function, ``erf x``: gradient ``g 2/sqrt(pi) exp(-x²)``, tangent likewise."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.save(x)
        return erf(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return grad_out * (2 / np.pi**0.5) * np.exp(-x * x)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Erf.backward(ctx, dx)
