"""The training loop, its history, and the use of what was trained."""

from dlcore.storage import load_file, save_file
from dlcore.train.anomaly import detect_anomaly
from dlcore.train.callbacks import Callback, EarlyStopping
from dlcore.train.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from dlcore.train.cross_validate import cross_validate
from dlcore.train.evaluate import evaluate, predict
from dlcore.train.fit import fit
from dlcore.train.history import History
from dlcore.train.penalty import ElasticPenalty, L1Penalty, L2Penalty
from dlcore.train.run import Run
from dlcore.train.scores import Metric

__all__ = [
    "Callback",
    "CheckpointError",
    "EarlyStopping",
    "ElasticPenalty",
    "History",
    "L1Penalty",
    "L2Penalty",
    "Metric",
    "Run",
    "cross_validate",
    "detect_anomaly",
    "evaluate",
    "fit",
    "load_checkpoint",
    "load_file",
    "predict",
    "save_checkpoint",
    "save_file",
]
