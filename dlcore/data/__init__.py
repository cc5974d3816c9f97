"""Datasets, loaders, splits, and verified files."""

from dlcore.data.augment import (
    add_noise as add_noise,
    mixup as mixup,
    random_crop as random_crop,
    random_flip as random_flip,
    random_shift as random_shift,
)
from dlcore.data.dataset import Dataset as Dataset, Subset as Subset, TensorDataset as TensorDataset
from dlcore.data.digits import Digits as Digits, load_digits as load_digits
from dlcore.data.english import load_english as load_english
from dlcore.data.fetch import (
    DataFileError as DataFileError,
    cache_folder as cache_folder,
    fetch as fetch,
    locate as locate,
)
from dlcore.data.files import FILES as FILES, DataFile as DataFile
from dlcore.data.houses import load_house_prices as load_house_prices
from dlcore.data.idx import read_idx as read_idx
from dlcore.data.loader import DataLoader as DataLoader, collate as collate
from dlcore.data.mnist import (
    TrainTest as TrainTest,
    load_fashion_mnist as load_fashion_mnist,
    load_mnist as load_mnist,
    load_mnist_5k as load_mnist_5k,
)
from dlcore.data.sentences import sentiment as sentiment, translations as translations
from dlcore.data.sequences import (
    adding_problem as adding_problem,
    copy_memory as copy_memory,
    one_shift as one_shift,
    reversal as reversal,
    sum_mod as sum_mod,
)
from dlcore.data.split import kfold as kfold, train_test_split as train_test_split
from dlcore.data.stocks import SharePrice as SharePrice, load_share_price as load_share_price
from dlcore.data.tables import (
    Table as Table,
    load_breast_cancer as load_breast_cancer,
    load_diabetes as load_diabetes,
)
from dlcore.data.toys import (
    circles as circles,
    gaussian_mixture as gaussian_mixture,
    gaussians as gaussians,
    max_of_three as max_of_three,
    moons as moons,
    spirals as spirals,
    xor as xor,
)
from dlcore.data.vocabulary import Vocabulary as Vocabulary
