"""Optimisers, with torch's names, arguments and defaults: floor 3 of the house."""

from dlcore.optim.adam import Adam
from dlcore.optim.optimizer import Optimizer
from dlcore.optim.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer"]
