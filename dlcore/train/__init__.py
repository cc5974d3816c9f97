"""The training loop, its history, and the use of what was trained."""

from dlcore.storage import load_file as load_file, save_file as save_file
from dlcore.train.anomaly import detect_anomaly as detect_anomaly
from dlcore.train.callbacks import Callback as Callback, EarlyStopping as EarlyStopping
from dlcore.train.checkpoint import (
    CheckpointError as CheckpointError,
    load_checkpoint as load_checkpoint,
    save_checkpoint as save_checkpoint,
)
from dlcore.train.cross_validate import cross_validate as cross_validate
from dlcore.train.evaluate import evaluate as evaluate, predict as predict
from dlcore.train.fit import fit as fit
from dlcore.train.history import History as History
from dlcore.train.penalty import (
    ElasticPenalty as ElasticPenalty,
    L1Penalty as L1Penalty,
    L2Penalty as L2Penalty,
)
from dlcore.train.run import Run as Run
from dlcore.train.scores import Metric as Metric
