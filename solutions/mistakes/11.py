"""Typical wrong answers to the exercises of chapter 11: each must lose points.

For each code exercise, pairs of what is wrong and the source that replaces the answer cell.
"""

MISTAKES: dict[str, list[tuple[str, str]]] = {}

_COUNTS = """
def ordinary(c_in, c_out, k):
    return {ordinary}

def separable(c_in, c_out, k):
    return {separable}

def span(k, d):
    return {span}

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))
"""
_ORDINARY = "c_in * c_out * k * k + c_out"
_SEPARABLE = "c_in * (k * k + 1) + c_in * c_out + c_out"
_RIGHT_COUNTS = _COUNTS.format(ordinary=_ORDINARY, separable=_SEPARABLE, span="d * (k - 1) + 1")

MISTAKES["11.3"] = [
    (
        "the biases are forgotten",
        _COUNTS.format(
            ordinary="c_in * c_out * k * k", separable=_SEPARABLE, span="d * (k - 1) + 1"
        ),
    ),
    (
        "the depthwise part has a kernel for each pair of channels",
        _COUNTS.format(
            ordinary=_ORDINARY,
            separable="c_in * c_in * k * k + c_in + c_in * c_out + c_out",
            span="d * (k - 1) + 1",
        ),
    ),
    (
        "a dilated kernel is taken to be d times as long",
        _COUNTS.format(ordinary=_ORDINARY, separable=_SEPARABLE, span="d * k"),
    ),
    (
        "no groups, so that every channel meets every other",
        _RIGHT_COUNTS.replace("groups=c_in, ", ""),
    ),
    (
        "the padding forgets that dilation stretches the kernel",
        _RIGHT_COUNTS.replace("padding=d * (k - 1) // 2", "padding=(k - 1) // 2"),
    ),
]

_POOL = """
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        {winner}
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += {part}
    return grad_x
"""
_WINNER = "grad_x[i * s + u, j * s + v] += g[i, j]"

MISTAKES["11.4"] = [
    (
        "shares are assigned, so that the last window overwrites the others",
        _POOL.format(winner="grad_x[i * s + u, j * s + v] = g[i, j]", part="g[i, j] / k**2"),
    ),
    (
        "at a tie every largest pixel gets the whole share",
        _POOL.format(
            winner="grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] * (patch == patch.max())",
            part="g[i, j] / k**2",
        ),
    ),
    (
        "the windows move by their own size",
        _POOL.format(winner="grad_x[i * k + u, j * k + v] += g[i, j]", part="g[i, j] / k**2"),
    ),
    ("the mean is not divided", _POOL.format(winner=_WINNER, part="g[i, j]")),
]

_SLOPES = """
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, {padding})
    return correlate2d(wide, {kernel}), correlate2d(x, g)
"""
_PADDING = "[(kh - 1, kh - 1), (kw - 1, kw - 1)]"

MISTAKES["11.5"] = [
    ("the kernel is not flipped", _SLOPES.format(padding=_PADDING, kernel="w")),
    ("one axis alone is flipped", _SLOPES.format(padding=_PADDING, kernel="w[::-1]")),
    ("the padding is that of a kernel of 3", _SLOPES.format(padding="2", kernel="w[::-1, ::-1]")),
    (
        "the padding of rows and columns is exchanged",
        _SLOPES.format(padding="[(kw - 1, kw - 1), (kh - 1, kh - 1)]", kernel="w[::-1, ::-1]"),
    ),
]

_FIELD = """
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers:
        {first}
        {second}
    return side, jump
"""

MISTAKES["11.6"] = [
    (
        "the stride counts for its own layer already",
        _FIELD.format(first="jump *= stride", second="side += dilation * (kernel - 1) * jump"),
    ),
    (
        "the jump is forgotten",
        _FIELD.format(first="side += dilation * (kernel - 1)", second="jump *= stride"),
    ),
    (
        "dilation is forgotten",
        _FIELD.format(first="side += (kernel - 1) * jump", second="jump *= stride"),
    ),
    (
        "the kernel adds all its pixels",
        _FIELD.format(first="side += dilation * kernel * jump", second="jump *= stride"),
    ),
]

_READER = """
def build_reader(rng):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng){end})

def learn(model, x, y, rng):
    losses = []
    optimizer = optim.{optimizer}
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    for _ in range({epochs}):
        total = 0.0
        for images, labels in loader:
            {clear}
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(loader)
        losses.append(total)
    return losses
"""
_CLEAR = "optimizer.zero_grad()"
_ADAM = "Adam(model.parameters(), lr=0.004)"

MISTAKES["11.7"] = [
    (
        "one epoch",
        _READER.format(end="", optimizer=_ADAM, epochs=1, clear=_CLEAR),
    ),
    (
        "the gradients are never cleared",
        _READER.format(end="", optimizer="SGD(model.parameters(), lr=0.1)", epochs=5, clear="pass"),
    ),
    (
        "plain descent with a rate that is far too small",
        _READER.format(
            end="", optimizer="SGD(model.parameters(), lr=0.001)", epochs=3, clear=_CLEAR
        ),
    ),
    (
        "no convolution",
        _READER.format(end="", optimizer=_ADAM, epochs=5, clear=_CLEAR).replace(
            """nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng)""",
            "nn.MaxPool2d(2), nn.Flatten(), nn.Linear(196, 10, rng=rng)",
        ),
    ),
]

_AVERAGES = """
def trailing(x, k):
    late = np.full(len(x), np.nan)
    {late}
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = {one}
    return one
"""
_LATE = 'late[k - 1:] = np.convolve(x, np.full(k, 1 / k), "valid")'
_ONE = "np.convolve(one, window)"

MISTAKES["11.9"] = [
    (
        "the average stands in the middle of its window, and knows days to come",
        _AVERAGES.format(late='late[:] = np.convolve(x, np.full(k, 1 / k), "same")', one=_ONE),
    ),
    (
        "the average stands at the first day of its window",
        _AVERAGES.format(
            late='late[:len(x) - k + 1] = np.convolve(x, np.full(k, 1 / k), "valid")', one=_ONE
        ),
    ),
    (
        "the first days are averaged over what there is",
        _AVERAGES.format(
            late="late[:] = [x[max(0, t - k + 1):t + 1].mean() for t in range(len(x))]", one=_ONE
        ),
    ),
    (
        "the sum is not divided",
        _AVERAGES.format(late='late[k - 1:] = np.convolve(x, np.ones(k), "valid")', one=_ONE),
    ),
    (
        "the windows are correlated with one another",
        _AVERAGES.format(late=_LATE, one='np.correlate(one, window, "full")'),
    ),
    (
        "the windows are flipped: true convolutions of the series",
        _AVERAGES.format(late=_LATE, one="np.convolve(one, window[::-1])"),
    ),
]

MISTAKES["11.10"] = [
    (
        "raw pixels, which move",
        """
def features(images):
    return np.asarray(images, dtype=float).reshape(len(images), -1)
""",
    ),
    (
        "constants, which cannot read",
        """
def features(images):
    return np.ones((len(images), 10))
""",
    ),
    (
        "padding with zeros, so that a border shows",
        """
def features(images):
    kernels = np.random.default_rng(0).normal(size=(64, 1, 5, 5))
    x = np.asarray(images, dtype=float)[:, None]
    maps = F.relu(F.conv2d(x, kernels, padding=2)).data
    return maps.mean(axis=(2, 3))
""",
    ),
    (
        "the sum of all pixels and of their squares",
        """
def features(images):
    x = np.asarray(images, dtype=float)
    return np.stack([x.sum(axis=(1, 2)), (x ** 2).sum(axis=(1, 2))], axis=1)
""",
    ),
]

# What the feedback on each of them must say, in the same order.
SAYS: dict[str, list[str]] = {
    "11.3": ["one bias", "one kernel", "left out", "no channel meets another", "which padding"],
    "11.4": ["add up", "the first one at a tie", "begins at", "same part"],
    "11.5": ["Flip both axes", "Flip both axes", "kh - 1 rows", "kh - 1 rows"],
    "11.6": ["for the layers above it only", "a jump apart", "d (k - 1)", "d (k - 1)"],
    "11.7": ["three epochs or more", "clear the gradients", "falls too slowly", "one convolution"],
    "11.9": [
        "all entries before are NaN",
        "all entries before are NaN",
        "all entries before are NaN",
        "divided by k",
        "a + b = s",
        "in full length",
    ],
    "11.10": ["same at all places", "convolve first", "circular borders", "convolve first"],
}

# Right answers that look different: each must keep its points.
ALTERNATIVES: dict[str, list[tuple[str, str]]] = {}

ALTERNATIVES["11.3"] = [
    (
        "one function for both, with groups",
        """
def ordinary(c_in, c_out, k, groups=1):
    return c_out * (c_in // groups * k ** 2 + 1)

def separable(c_in, c_out, k):
    return ordinary(c_in, c_in, k, groups=c_in) + ordinary(c_in, c_out, 1)

def span(k, d):
    return len(range(0, d * k - d + 1))

def build(c_in, c_out, k, d, rng):
    keep = (span(k, d) - 1) // 2
    each = nn.Conv2d(c_in, c_in, (k, k), 1, keep, (d, d), c_in, rng=rng)
    return nn.Sequential(each, nn.Conv2d(c_in, c_out, (1, 1), rng=rng))
""",
    ),
]

ALTERNATIVES["11.4"] = [
    (
        "over the places of the window, with windows as arrays",
        """
def windows(x, k, s):
    view = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::s, ::s]
    return view.reshape(*view.shape[:2], k * k)

def spread(weights, x, k, s):
    out = np.zeros(x.shape)
    h, w = weights.shape[:2]
    for at in range(k * k):
        u, v = divmod(at, k)
        out[u:u + s * (h - 1) + 1:s, v:v + s * (w - 1) + 1:s] += weights[..., at]
    return out

def max_pool_back(g, x, k, s):
    wins = np.eye(k * k)[windows(x, k, s).argmax(axis=2)]
    return spread(wins * g[..., None], x, k, s)

def avg_pool_back(g, x, k, s):
    return spread(np.repeat(g[..., None], k * k, axis=2) / (k * k), x, k, s)
""",
    ),
]

ALTERNATIVES["11.5"] = [
    (
        "every output pays its patch",
        """
def slopes(x, w, g):
    to_x, to_w = np.zeros(x.shape), np.zeros(w.shape)
    for i, j in np.ndindex(g.shape):
        patch = slice(i, i + len(w)), slice(j, j + w.shape[1])
        to_x[patch] += g[i, j] * w
        to_w += g[i, j] * x[patch]
    return to_x, to_w
""",
    ),
]

ALTERNATIVES["11.6"] = [
    (
        "backwards, from one unit to the pixels that it reads",
        """
def receptive_field(layers):
    side = 1
    for kernel, stride, dilation in reversed(layers):
        side = (side - 1) * stride + dilation * (kernel - 1) + 1
    return side, int(np.prod([stride for _, stride, _ in layers], dtype=int))
""",
    ),
]

ALTERNATIVES["11.7"] = [
    (
        "a loop of its own, with momentum and mean pooling",
        """
class Reader(nn.Module):
    def __init__(self, rng):
        super().__init__()
        self.look = nn.Conv2d(1, 12, 5, padding=2, rng=rng)
        self.pool = nn.AvgPool2d(2)
        self.say = nn.Linear(12 * 14 * 14, 10, rng=rng)

    def forward(self, x):
        return self.say(F.relu(self.pool(self.look(x))).flatten(1))

def build_reader(rng):
    return Reader(rng)

def learn(model, x, y, rng):
    optimizer, losses = optim.SGD(model.parameters(), lr=0.05, momentum=0.9), []
    for _ in range(6):
        order, seen = rng.permutation(len(x)), []
        for part in np.array_split(order, 50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(dl.tensor(x[part])), y[part])
            loss.backward()
            optimizer.step()
            seen.append(loss.item())
        losses.append(np.mean(seen))
    return losses
""",
    ),
]

ALTERNATIVES["11.9"] = [
    (
        "running sums, and products of polynomials",
        """
def trailing(x, k):
    total = np.concatenate([[0.0], np.cumsum(x)])
    return np.concatenate([np.full(k - 1, np.nan), (total[k:] - total[:-k]) / k])

def merged(windows):
    product = np.polynomial.Polynomial([1.0])
    for window in windows:
        product = product * np.polynomial.Polynomial(window)
    return product.coef
""",
    ),
    (
        "loops over days, and dlcore's convolution with a padded kernel",
        """
def trailing(x, k):
    return np.array([np.nan if t < k - 1 else sum(x[t - a] for a in range(k)) / k
                     for t in range(len(x))])

def merged(windows):
    one = windows[0]
    for w in windows[1:]:
        wide = np.pad(one, len(w) - 1)[None, None]
        one = F.conv1d(dl.tensor(wide), w[::-1].copy()[None, None]).numpy()[0, 0]
    return list(one)
""",
    ),
]

ALTERNATIVES["11.10"] = [
    (
        "edges from differences, both signs, and their lowest frequencies",
        """
def features(images):
    x = np.asarray(images, dtype=float)
    maps = []
    for steps in [(0, 1), (1, 0), (1, 1), (1, -1)]:
        edge = np.roll(x, steps, axis=(1, 2)) - x
        maps += [np.maximum(edge, 0), np.maximum(-edge, 0)]
    waves = np.abs(np.fft.rfft2(np.stack(maps, axis=1)))
    low = np.concatenate([waves[:, :, :4, :4], waves[:, :, -3:, :4]], axis=2)
    return low.reshape(len(x), -1)
""",
    ),
]
