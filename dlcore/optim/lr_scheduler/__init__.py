"""Schedules of the learning rate, with the names of ``torch.optim.lr_scheduler``."""

from dlcore.optim.lr_scheduler.base import LRScheduler
from dlcore.optim.lr_scheduler.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from dlcore.optim.lr_scheduler.cyclic import CyclicLR
from dlcore.optim.lr_scheduler.decay import ExponentialLR, InverseTimeLR, MultiStepLR, StepLR
from dlcore.optim.lr_scheduler.function import LambdaLR
from dlcore.optim.lr_scheduler.one_cycle import OneCycleLR
from dlcore.optim.lr_scheduler.plateau import ReduceLROnPlateau
from dlcore.optim.lr_scheduler.sequential import SequentialLR
from dlcore.optim.lr_scheduler.warm_up import ConstantLR, LinearLR

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "InverseTimeLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
