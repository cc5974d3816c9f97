"""Worked models, one file each: floor 5 of the house."""

from dlcore.models.mlp import MLP

__all__ = ["MLP"]
