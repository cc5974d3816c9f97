"""Optimisers, schedules and clipping, with torch's names and defaults."""

from dlcore.optim import lr_scheduler
from dlcore.optim.adabound import AdaBound
from dlcore.optim.adagrad import Adagrad
from dlcore.optim.adam import Adam
from dlcore.optim.adamw import AdamW
from dlcore.optim.clip import clip_grad_norm_, clip_grad_value_
from dlcore.optim.lion import Lion
from dlcore.optim.optimizer import Optimizer
from dlcore.optim.rmsprop import RMSprop
from dlcore.optim.sgd import SGD

__all__ = [
    "SGD",
    "AdaBound",
    "Adagrad",
    "Adam",
    "AdamW",
    "Lion",
    "Optimizer",
    "RMSprop",
    "clip_grad_norm_",
    "clip_grad_value_",
    "lr_scheduler",
]
