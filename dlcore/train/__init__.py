"""The training loop, its history, and the use of what was trained: floor 5 of the house."""

from dlcore.train.evaluate import evaluate, predict
from dlcore.train.fit import fit
from dlcore.train.history import History
from dlcore.train.scores import Metric

__all__ = ["History", "Metric", "evaluate", "fit", "predict"]
