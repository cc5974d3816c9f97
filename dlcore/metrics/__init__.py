"""Scores of predictions, with scikit-learn's argument order: floor 3 of the house."""

from dlcore.metrics.classification import Accuracy, accuracy
from dlcore.metrics.confusion import ConfusionMatrix, confusion_matrix

__all__ = ["Accuracy", "ConfusionMatrix", "accuracy", "confusion_matrix"]
