"""A Dask cluster: a search whose fits run in two worker processes."""

import os

import joblib
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dlcore.interop.sklearn import DLClassifier
from dlcore.train import Callback


class Witness(Callback):
    """Notes the process that it trains in."""

    def __init__(self):
        self.process = None

    def on_train_begin(self, run):
        self.process = os.getpid()


def process_of(model, X, y):  # a scorer
    return float(model.callbacks_[0].process)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=120)
    return rng.normal(size=(120, 3)) + 2 * y[:, None], y


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",  # any free port
        ) as cluster,
        Client(cluster, timeout="60s") as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield client


pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]  # joblib waits for ever for a lost task
MODEL = DLClassifier([8], lr=0.02, epochs=10, random_state=0)


def test_a_search_on_two_workers_finds_what_one_process_finds(client, data):
    network = make_pipeline(StandardScaler(), MODEL)
    search = GridSearchCV(network, {"dlclassifier__lr": [1e-6, 0.02]}, cv=3)
    alone = search.fit(*data).cv_results_["mean_test_score"]
    with joblib.parallel_config(backend="dask"):
        search.fit(*data)
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], alone)
    assert search.best_params_ == {"dlclassifier__lr": 0.02}
    assert search.best_score_ > 0.8


def test_the_fits_run_in_the_workers(client, data):
    model = MODEL.set_params(callbacks=[Witness()])
    with joblib.parallel_config(backend="dask"):
        seen = cross_val_score(model, *data, cv=6, scoring=process_of)
    workers = set(client.run(os.getpid).values())
    assert len(workers) == 2
    assert set(seen) <= workers
    assert os.getpid() not in workers
