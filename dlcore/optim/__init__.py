"""Optimisers, schedules and clipping, with torch's names and defaults."""

from dlcore.optim import lr_scheduler as lr_scheduler
from dlcore.optim.adabound import AdaBound as AdaBound
from dlcore.optim.adagrad import Adagrad as Adagrad
from dlcore.optim.adam import Adam as Adam
from dlcore.optim.adamw import AdamW as AdamW
from dlcore.optim.clip import (
    clip_grad_norm_ as clip_grad_norm_,
    clip_grad_value_ as clip_grad_value_,
)
from dlcore.optim.lion import Lion as Lion
from dlcore.optim.optimizer import Optimizer as Optimizer
from dlcore.optim.rmsprop import RMSprop as RMSprop
from dlcore.optim.sgd import SGD as SGD
