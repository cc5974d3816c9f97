"""What Seq2Seq and Transformer are taught, and how well they write it."""

import numpy as np

import dlcore.functional as F
from dlcore import data, nn, optim
from dlcore.train import fit

SPECIALS = 3  # padding, start, end


def reversal(n_samples, rng):
    """Sources of eight tokens, and targets from start to end."""
    x, y = data.reversal(n_samples, rng=rng)
    ends = np.ones((n_samples, 1), int)
    return x + SPECIALS, np.hstack([ends, y + SPECIALS, 2 * ends])


def translation(rng):
    """All English sentences with their French, as numbers, and the two vocabularies."""
    pairs = [(english.split(), french.split()) for english, french in data.translations(rng=rng)]
    english = data.Vocabulary(word for source, _ in pairs for word in source)
    french = data.Vocabulary(word for _, target in pairs for word in target)
    targets = french.batch(["<s>", *target, "</s>"] for _, target in pairs)
    return (english.batch(source for source, _ in pairs), targets), (english, french)


def train(model: nn.Module, source, target, epochs, rng):
    """Teach a model with teacher forcing; padding does not count."""
    dataset = data.TensorDataset(source, target[:, :-1], target[:, 1:])
    loader = data.DataLoader(dataset, 64, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=5e-3)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=epochs * len(loader))
    fit(
        model,
        loader,
        lambda z, y: F.cross_entropy(z.mT, y, ignore_index=0),
        optimizer,
        epochs,
        progress=False,
        schedule=schedule,
        step_schedule="batch",
        clip=1.0,
    )


def written_right(model, source, target):
    """The share of sequences that are written without a mistake, to their end."""
    wanted = target[:, 1:]
    written = model.greedy_decode(source, wanted.shape[1])
    rest = wanted.shape[1] - written.shape[1]
    return (np.pad(written, ((0, 0), (0, rest))) == wanted).all(1).mean()
