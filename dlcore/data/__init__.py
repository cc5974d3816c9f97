"""Datasets, loaders, splits, and verified files."""

from dlcore.data.augment import add_noise, mixup, random_crop, random_flip, random_shift
from dlcore.data.dataset import Dataset, Subset, TensorDataset
from dlcore.data.digits import Digits, load_digits
from dlcore.data.english import load_english
from dlcore.data.fetch import DataFileError, cache_folder, fetch, locate
from dlcore.data.files import FILES, DataFile
from dlcore.data.houses import load_house_prices
from dlcore.data.idx import read_idx
from dlcore.data.loader import DataLoader, collate
from dlcore.data.mnist import TrainTest, load_fashion_mnist, load_mnist, load_mnist_5k
from dlcore.data.sentences import sentiment, translations
from dlcore.data.sequences import adding_problem, copy_memory, one_shift, reversal, sum_mod
from dlcore.data.split import kfold, train_test_split
from dlcore.data.stocks import SharePrice, load_share_price
from dlcore.data.tables import Table, load_breast_cancer, load_diabetes
from dlcore.data.toys import (
    circles,
    gaussian_mixture,
    gaussians,
    max_of_three,
    moons,
    spirals,
    xor,
)
from dlcore.data.vocabulary import Vocabulary

__all__ = [
    "FILES",
    "DataFile",
    "DataFileError",
    "DataLoader",
    "Dataset",
    "Digits",
    "SharePrice",
    "Subset",
    "Table",
    "TensorDataset",
    "TrainTest",
    "Vocabulary",
    "add_noise",
    "adding_problem",
    "cache_folder",
    "circles",
    "collate",
    "copy_memory",
    "fetch",
    "gaussian_mixture",
    "gaussians",
    "kfold",
    "load_breast_cancer",
    "load_diabetes",
    "load_digits",
    "load_english",
    "load_fashion_mnist",
    "load_house_prices",
    "load_mnist",
    "load_mnist_5k",
    "load_share_price",
    "locate",
    "max_of_three",
    "mixup",
    "moons",
    "one_shift",
    "random_crop",
    "random_flip",
    "random_shift",
    "read_idx",
    "reversal",
    "sentiment",
    "spirals",
    "sum_mod",
    "train_test_split",
    "translations",
    "xor",
]
