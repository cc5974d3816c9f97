"""scikit-learn's own checks of an estimator, every one of them; none is expected to fail."""

from unittest import SkipTest

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from dlcore.interop.sklearn import DLClassifier, DLRegressor

# What these need is not switched on here.
SKIPPED = {
    "check_array_api_input": "SCIPY_ARRAY_API is not set",
}


@parametrize_with_checks([DLClassifier(), DLRegressor()])
def test_check(estimator, check):
    try:
        check(estimator)
    except SkipTest as skipped:
        if SKIPPED.get(check.func.__name__, "?") not in str(skipped):
            pytest.fail(f"skipped without need: {skipped}")
        raise
