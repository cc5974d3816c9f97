"""Datasets, loaders, splits, and verified files: floor 3 of the house."""

from dlcore.data.dataset import Dataset, Subset, TensorDataset
from dlcore.data.digits import Digits, load_digits
from dlcore.data.fetch import DataFileError, cache_folder, fetch, locate
from dlcore.data.files import FILES, DataFile
from dlcore.data.loader import DataLoader, collate
from dlcore.data.mnist import load_mnist_5k
from dlcore.data.split import train_test_split
from dlcore.data.toys import circles, gaussians, max_of_three, moons, spirals, xor

__all__ = [
    "FILES",
    "DataFile",
    "DataFileError",
    "DataLoader",
    "Dataset",
    "Digits",
    "Subset",
    "TensorDataset",
    "cache_folder",
    "circles",
    "collate",
    "fetch",
    "gaussians",
    "load_digits",
    "load_mnist_5k",
    "locate",
    "max_of_three",
    "moons",
    "spirals",
    "train_test_split",
    "xor",
]
