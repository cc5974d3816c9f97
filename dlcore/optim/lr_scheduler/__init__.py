"""Schedules of the learning rate, with the names of ``torch.optim.lr_scheduler``."""

from dlcore.optim.lr_scheduler.base import LRScheduler as LRScheduler
from dlcore.optim.lr_scheduler.cosine import (
    CosineAnnealingLR as CosineAnnealingLR,
    CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts,
)
from dlcore.optim.lr_scheduler.cyclic import CyclicLR as CyclicLR
from dlcore.optim.lr_scheduler.decay import (
    ExponentialLR as ExponentialLR,
    InverseTimeLR as InverseTimeLR,
    MultiStepLR as MultiStepLR,
    StepLR as StepLR,
)
from dlcore.optim.lr_scheduler.function import LambdaLR as LambdaLR
from dlcore.optim.lr_scheduler.one_cycle import OneCycleLR as OneCycleLR
from dlcore.optim.lr_scheduler.plateau import ReduceLROnPlateau as ReduceLROnPlateau
from dlcore.optim.lr_scheduler.sequential import SequentialLR as SequentialLR
from dlcore.optim.lr_scheduler.warm_up import ConstantLR as ConstantLR, LinearLR as LinearLR
