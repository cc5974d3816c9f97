"""Networks as scikit-learn estimators, for its pipelines, searches and cross-validation."""

from dlcore.interop.extras import missing

try:
    import sklearn as _installed  # noqa: F401 (asked for here, so that the answer is a clear one)
except ModuleNotFoundError as error:
    raise missing("sklearn", "data") from error

from dlcore.interop.sklearn.classifier import DLClassifier as DLClassifier
from dlcore.interop.sklearn.regressor import DLRegressor as DLRegressor
