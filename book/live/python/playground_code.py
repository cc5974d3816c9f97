"""The cell that does what a set-up of the playground says.

The playground runs this very text, so what it shows and what it does cannot differ.
"""

import base64
import textwrap
from typing import Any

Settings = dict[str, Any]

SAMPLES = 400
DATA = {
    "circles": f"circles({SAMPLES}, radius=2.6, inner=1.3, rng=rng)",
    "xor": f"xor({SAMPLES}, noise=0.15, rng=rng)",
    "moons": f"moons({SAMPLES}, noise=0.1, rng=rng)",
    "spirals": f"spirals({SAMPLES}, noise=0.02, rng=rng)",
    "gaussians": f"gaussians({SAMPLES}, centres=((-1.2, -1.2), (1.2, 1.2)), std=0.5, rng=rng)",
}
PLACED = {  # into the square from -3 to 3
    "xor": "x = 3 * x - 1.5",
    "moons": "x = 1.6 * (x - [0.5, 0.25])",
    "spirals": "x = 2.6 * x",
}
FEATURES = {
    "x1": "x1",
    "x2": "x2",
    "x1x1": "x1**2",
    "x2x2": "x2**2",
    "x1x2": "x1 * x2",
    "sinx1": "np.sin(x1)",
    "sinx2": "np.sin(x2)",
}
ACTIVATIONS = {
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky": "nn.LeakyReLU()",
    "silu": "nn.SiLU()",
    "sigmoid": "nn.Sigmoid()",
    "linear": "nn.Identity()",
}
INITS = {
    "default": "",
    "glorot": "nn.init.xavier_uniform_(layer.weight, rng=rng)",
    "he": 'nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", rng=rng)',
    "large": "nn.init.normal_(layer.weight, std=3.0, rng=rng)",
    "zeros": "nn.init.zeros_(layer.weight)",
}
LOSSES = {"bce": "nn.BCEWithLogitsLoss()", "mse": "nn.MSELoss()", "huber": "nn.HuberLoss()"}
OPTIMIZERS = {
    "adam": "optim.Adam(model.parameters(), lr={lr})",
    "sgd": "optim.SGD(model.parameters(), lr={lr})",
    "momentum": "optim.SGD(model.parameters(), lr={lr}, momentum=0.9)",
    "rmsprop": "optim.RMSprop(model.parameters(), lr={lr})",
    "adagrad": "optim.Adagrad(model.parameters(), lr={lr})",
    "adamw": "optim.AdamW(model.parameters(), lr={lr})",
    "lion": "optim.Lion(model.parameters(), lr={lr})",
}
SCHEDULES = {
    "constant": "",
    "step": "StepLR(optimizer, step_size=500, gamma=0.5)",
    "exponential": "ExponentialLR(optimizer, gamma=0.999)",
    "inverse": "InverseTimeLR(optimizer, gamma=0.005)",
    "cosine": "CosineAnnealingWarmRestarts(optimizer, T_0=500)",
    "warmup": "LinearLR(optimizer, start_factor=0.01, total_iters=300)",
}
PENALTIES = {"none": "", "l1": "L1Penalty", "l2": "L2Penalty"}
CHOICES: dict[str, dict[str, str]] = {
    "data": {**DATA, "own": ""},
    "activation": ACTIVATIONS,
    "init": INITS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "penalty": PENALTIES,
}
RANGES = {
    "noise": (0.0, 1.0),
    "train": (10, 90),
    "lr": (1e-5, 100.0),
    "strength": (0.0, 1.0),
    "dropout": (0.0, 0.9),
    "batch": (1, 1000),
    "seed": (0, 99_999),
}
WHOLE = ("train", "batch", "seed")


def checked(settings: Settings) -> Settings:
    """Return the settings, or raise a ValueError that names the first that is wrong."""
    for name, known in CHOICES.items():
        if settings[name] not in known:
            raise ValueError(f"{name}: expected one of {', '.join(known)}, got {settings[name]!r}")
    for name, (low, high) in RANGES.items():
        kind = int if name in WHOLE else int | float
        if not isinstance(settings[name], kind) or not low <= settings[name] <= high:
            raise ValueError(f"{name}: expected {low} to {high}, got {settings[name]!r}")
    if not settings["features"] or not set(settings["features"]) <= set(FEATURES):
        raise ValueError(f"features: expected some of {', '.join(FEATURES)}")
    if len(settings["layers"]) > 5 or not all(1 <= width <= 8 for width in settings["layers"]):
        raise ValueError("layers: expected up to 5 widths from 1 to 8")
    if settings["data"] == "own" and len(drawn(settings["points"])) < 4:
        raise ValueError("points: expected at least 4")
    return settings


def drawn(points: str) -> list[tuple[float, float, int]]:
    """Read points drawn by hand: two bytes each, a place in steps of 0.05 and the class."""
    raw = base64.urlsafe_b64decode(points + "=" * (-len(points) % 4))
    pairs = zip(raw[::2], raw[1::2], strict=True)
    return [(round(a / 20 - 3, 2), round((b & 127) / 20 - 3, 2), b >> 7) for a, b in pairs]


def setup(settings: Settings) -> str:
    """Return the cell up to its training loop."""
    blocks = (imports(settings), data(settings), network(settings), training(settings))
    return "\n".join(blocks)


def cell(settings: Settings, steps: int) -> str:
    """Return the whole cell: the set-up, so many steps of training, and the scores."""
    return setup(settings) + (
        f"\n\nfor rows in islice(batches({settings['batch']}), {steps}):\n    step(rows)\n\n"
        'for name, z, y in (("train", z_train, y_train), ("test", z_test, y_test)):\n'
        "    loss, accuracy = scores(z, y)\n"
        '    print(f"{name}: loss {loss:.3f}, accuracy {accuracy:.1%}")\n'
    )


def imports(settings: Settings) -> str:
    """Return the imports that the set-up needs."""
    lines = ["from itertools import islice", "", "import numpy as np", "", "import dlcore as dl"]
    lines.append("from dlcore import nn, optim")
    made = [] if settings["data"] == "own" else [settings["data"]]
    lines.append(f"from dlcore.data import {', '.join(sorted([*made, 'train_test_split']))}")
    if settings["schedule"] != "constant":
        name = SCHEDULES[settings["schedule"]].partition("(")[0]
        lines.append(f"from dlcore.optim.lr_scheduler import {name}")
    if settings["penalty"] != "none":
        lines.append(f"from dlcore.train import {PENALTIES[settings['penalty']]}")
    return "\n".join([*lines, "", f"rng = np.random.default_rng({settings['seed']})", ""])


def data(settings: Settings) -> str:
    """Return the lines that make the points, split them, and compute the inputs."""
    count, lines = SAMPLES, ["# Points in the square from -3 to 3, some kept apart for the test"]
    if settings["data"] == "own":
        points = drawn(settings["points"])
        count = len(points)
        lines += [array("x", [[a, b] for a, b, _ in points]), array("y", [c for _, _, c in points])]
    else:
        lines.append(f"x, y = {DATA[settings['data']]}")
        if settings["data"] in PLACED:
            lines.append(PLACED[settings["data"]])
    if settings["noise"]:
        lines.append(f"x = x + {settings['noise']:g} * rng.standard_normal(x.shape)")
    test = min(max(round(count * (1 - settings["train"] / 100)), 1), count - 1)
    lines.append(
        f"x_train, x_test, y_train, y_test = train_test_split(x, y, test_size={test}, rng=rng)"
    )
    columns = ", ".join(FEATURES[name] for name in FEATURES if name in settings["features"])
    lines += ["", "", "def inputs(x):", "    x1, x2 = x.T"]
    lines += [f"    return np.stack([{columns}], axis=1).astype(np.float32)", "", ""]
    return "\n".join([*lines, "z_train, z_test = inputs(x_train), inputs(x_test)", ""])


def array(name: str, values: list[Any]) -> str:
    """Return an assignment of an array, over as many lines as it needs."""
    inside = textwrap.fill(str(values)[1:-1], 92, initial_indent="    ", subsequent_indent="    ")
    return f"{name} = np.array([\n{inside},\n])"


def network(settings: Settings) -> str:
    """Return the lines that make the network and give it its first weights."""
    width, lines = len(settings["features"]), ["model = nn.Sequential("]
    for out in settings["layers"]:
        lines.append(f"    nn.Linear({width}, {out}, rng=rng),")
        lines.append(f"    {ACTIVATIONS[settings['activation']]},")
        if settings["dropout"]:
            lines.append(f"    nn.Dropout({settings['dropout']:g}, rng=rng),")
        width = out
    lines += [f"    nn.Linear({width}, 1, rng=rng),", ")"]
    if settings["init"] != "default":
        lines += ["for layer in model:", "    if isinstance(layer, nn.Linear):"]
        lines += [f"        {INITS[settings['init']]}", "        nn.init.zeros_(layer.bias)"]
    return "\n".join([*lines, ""])


def training(settings: Settings) -> str:
    """Return the lines that say how to make a step, and how to score."""
    penalty, schedule = settings["penalty"] != "none", settings["schedule"] != "constant"
    targets = "y" if settings["loss"] == "bce" else "(2 * y - 1)"
    lines = [f"criterion = {LOSSES[settings['loss']]}"]
    if penalty:
        strength = f"{settings['strength']:g}"
        lines.append(f"penalty = {PENALTIES[settings['penalty']]}({strength})")
    lines.append(f"optimizer = {OPTIMIZERS[settings['optimizer']].format(lr=settings['lr'])}")
    if schedule:
        lines.append(f"schedule = {SCHEDULES[settings['schedule']]}")
    added = " + penalty(model)" if penalty else ""
    goes_on = "    schedule.step()\n" if schedule else ""
    return "\n".join(lines) + STEPS.format(targets=targets, added=added, goes_on=goes_on)


STEPS = """


def batches(size):
    while True:  # pass after pass over the training points, each in a new order
        order = rng.permutation(len(z_train))
        for start in range(0, len(order), size):
            yield order[start : start + size]


def loss_and_output(z, y):
    targets = {targets}[:, None].astype(np.float32)
    out = model(dl.tensor(z))
    return criterion(out, dl.tensor(targets)), out


def step(rows):
    optimizer.zero_grad()
    loss = loss_and_output(z_train[rows], y_train[rows])[0]{added}
    loss.backward()
    optimizer.step()
{goes_on}

def scores(z, y):
    model.eval()
    with dl.no_grad():
        loss, out = loss_and_output(z, y)
    model.train()
    return loss.item(), float(((out.data[:, 0] > 0) == y).mean())
"""
