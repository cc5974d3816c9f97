"""A training run that kills itself, for test_resume.py: checkpoint, result, moment, count.

It has a little of everything that a checkpoint must keep: dropout from the default generator and
from one of its own, running statistics, momentum, a schedule by steps, early stopping, a shuffled
loader with workers, streaming metrics.
"""

import hashlib
import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

import dlcore as dl
from dlcore import data, metrics, nn, optim, train
from dlcore.storage import whole


class Death:
    """Kill this process, as the kernel does, when `moment` comes for the `count`-th time."""

    def __init__(self, moment, count):
        self.moment, self.left = moment, count

    def __call__(self, moment):
        if moment == self.moment:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main(checkpoint, result, moment="never", count="0"):
    death = Death(moment, int(count))

    class Mortal(train.Callback):
        def on_batch_end(self, run):
            death("batch")

    def dying(function, name):
        def called(*arguments):
            death(f"before {name}")
            answer = function(*arguments)
            death(f"after {name}")
            return answer

        return called

    whole.os.fsync = dying(os.fsync, "fsync")
    whole.os.replace = dying(os.replace, "replace")

    dl.seed(1)
    x, y = data.moons(90, rng=np.random.default_rng(2))
    loader = data.DataLoader(
        data.TensorDataset(x[:60], y[:60]), 8, shuffle=True, rng=np.random.default_rng(3),
        num_workers=2,
    )  # fmt: skip
    validation = data.DataLoader(data.TensorDataset(x[60:], y[60:]), 30)
    rng = np.random.default_rng(4)
    model = nn.Sequential(
        nn.Linear(2, 8, rng=rng), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(8, 8, rng=rng), nn.Dropout(0.2, rng=np.random.default_rng(5)),
        nn.Linear(8, 2, rng=rng),
    )  # fmt: skip
    optimizer = optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-3)
    history = train.fit(
        model, loader, nn.CrossEntropyLoss(), optimizer, epochs=6,
        validation=validation, progress=False,
        metrics={"accuracy": metrics.Accuracy(), "exact": metrics.accuracy},
        schedule=optim.lr_scheduler.MultiStepLR(optimizer, [5, 12], gamma=0.5),
        step_schedule="batch", accumulate=2, clip=1.0, penalty=train.L2Penalty(1e-4),
        callbacks=[Mortal(), train.EarlyStopping(patience=2)],
        checkpoint=checkpoint, checkpoint_every=2, resume=True,
    )  # fmt: skip
    digest = hashlib.sha256()
    for name, array in model.state_dict().items():
        digest.update(name.encode() + array.tobytes())
    for _, state in sorted(optimizer.state_dict()["state"].items()):
        digest.update(b"".join(np.asarray(value).tobytes() for value in state.values()))
    digest.update(repr(optimizer.param_groups[0]["lr"]).encode())
    rest = [dl.default_rng().random(), loader.rng.random()]
    Path(result).write_text(json.dumps([digest.hexdigest(), history.epochs, rest]))


if __name__ == "__main__":
    main(*sys.argv[1:])
