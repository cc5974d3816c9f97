"""Typical wrong answers to the exercises of chapter 10: each must lose points.

For each code exercise, pairs of what is wrong and the source that replaces the answer cell.
"""

MISTAKES: dict[str, list[tuple[str, str]]] = {}
SAYS: dict[str, list[str]] = {}
ALTERNATIVES: dict[str, list[tuple[str, str]]] = {}

_R2 = """
def r_squared(y, guess):
    {guard}
    return {score}
"""
_GUARD = "if np.shape(y) != np.shape(guess): raise ValueError('shapes')"
_SCORE = "1 - ((y - guess) ** 2).sum() / ((y - {mean}.mean()) ** 2).sum()"

MISTAKES["10.1"] = [
    (
        "absolute values in place of squares",
        _R2.format(guard=_GUARD, score="1 - abs(y - guess).sum() / abs(y - y.mean()).sum()"),
    ),
    ("shapes are not compared", _R2.format(guard="pass", score=_SCORE.format(mean="y"))),
    ("the mean is that of the guess", _R2.format(guard=_GUARD, score=_SCORE.format(mean="guess"))),
    (
        "the square of a correlation, which forgives every shift and scale",
        _R2.format(guard=_GUARD, score="np.corrcoef(y, guess + 1e-9 * np.arange(4))[0, 1] ** 2"),
    ),
]
SAYS["10.1"] = ["Square each", "raise ValueError", "mean is that of y", "Square each"]
ALTERNATIVES["10.1"] = [
    (
        "by means, and lists allowed",
        """
def r_squared(y, guess):
    y, guess = np.array(y), np.array(guess)
    if guess.shape != y.shape:
        raise ValueError("expected equal shapes")
    return 1 - np.mean(np.square(guess - y)) / np.var(y)
""",
    ),
]

MISTAKES["10.4"] = [
    (
        "samples are dealt out, whatever their group",
        """
def group_folds(groups, k):
    return [np.arange(fold, len(groups), k) for fold in range(k)]
""",
    ),
    (
        "groups are dealt out in turn, whatever their size",
        """
def group_folds(groups, k):
    of_group = np.unique(groups, return_inverse=True)[1]
    return [np.flatnonzero(of_group % k == fold) for fold in range(k)]
""",
    ),
    (
        "the smallest group comes first",
        """
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(sizes, kind="stable"):
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.flatnonzero(fold_of[of_group] == fold) for fold in range(k)]
""",
    ),
]
SAYS["10.4"] = ["gives the groups", "Largest first", "Largest first"]
ALTERNATIVES["10.4"] = [
    (
        "lists, sorted by size and label",
        """
def group_folds(groups, k):
    members = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    folds = [[] for _ in range(k)]
    for group in sorted(members, key=lambda g: (-len(members[g]), g)):
        min(folds, key=len).extend(members[group])
    return [np.array(sorted(fold)) for fold in folds]
""",
    ),
]

_ADAM = """
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start={start}):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * {square}
        m_hat, v_hat = m / (1 - beta_1{power}), v / (1 - beta_2{power})
        position -= lr * m_hat / ({root})
        path.append(position)
    return np.array(path)
"""
_RIGHT = {"start": "1", "square": "g**2", "power": "**t", "root": "np.sqrt(v_hat) + eps"}

MISTAKES["10.5"] = [
    ("the power is still missing", _ADAM.format(**_RIGHT | {"power": ""})),
    ("the squares of m, not of the gradient", _ADAM.format(**_RIGHT | {"square": "m**2"})),
    ("counting starts at 2", _ADAM.format(**_RIGHT | {"start": "2"})),
    ("eps inside the root", _ADAM.format(**_RIGHT | {"root": "np.sqrt(v_hat + eps)"})),
]
SAYS["10.5"] = ["power of t", "squares of the gradients", "t = 1", "after the root"]
ALTERNATIVES["10.5"] = [
    (
        "powers kept as running products",
        """
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    m = v = 0.0
    left_1 = left_2 = 1.0
    steps = []
    for g in gradients:
        left_1, left_2 = left_1 * beta_1, left_2 * beta_2
        m += (1 - beta_1) * (g - m)
        v += (1 - beta_2) * (g * g - v)
        steps.append(-lr * m / (1 - left_1) / ((v / (1 - left_2)) ** 0.5 + eps))
    return np.cumsum(steps)
""",
    ),
]

_PIPELINE = """
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        {guard}

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = {source}.mean({axis}), {source}.std({axis})
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            {constant}
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        {refit}
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in {backwards}:
            Z = np.expm1(Z) if step == "log1p" else {undone}
        return Z
"""
_WHOLE = {
    "guard": "if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')",
    "source": "X",
    "axis": "axis=0",
    "constant": "size = np.where(np.asarray(size) > 1e-12, size, 1.0)",
    "refit": "pass",
    "backwards": "self.learnt[::-1]",
    "undone": "Z * size + start",
}
MISTAKES["10.6"] = [
    (
        "the statistics are learnt anew from whatever is transformed",
        _PIPELINE.format(**_WHOLE | {"refit": "self.fit(X)"}),
    ),
    ("one mean for all columns", _PIPELINE.format(**_WHOLE | {"axis": ""})),
    (
        "every step learns from the raw table",
        _PIPELINE.format(**_WHOLE | {"source": "raw"}),
    ),
    (
        "a constant column is divided by next to nothing",
        _PIPELINE.format(**_WHOLE | {"constant": "start, size = start + 1e-9, size + 1e-12"}),
    ),
    (
        "the steps are undone in the order in which they were done",
        _PIPELINE.format(**_WHOLE | {"backwards": "self.learnt"}),
    ),
    (
        "a step is undone inside out",
        _PIPELINE.format(**_WHOLE | {"undone": "(Z + start) * size"}),
    ),
    ("any name is taken for a step", _PIPELINE.format(**_WHOLE | {"guard": "pass"})),
]
SAYS["10.6"] = [
    "learnt in fit",
    "column by column",
    "steps before it made",
    "divide it by 1",
    "opposite order",
    "plus the mean",
    "raise ValueError",
]
ALTERNATIVES["10.6"] = [
    (
        "a pair of functions for each step",
        """
class Pipeline:
    KNOWN = ("log1p", "standard", "minmax")

    def __init__(self, description):
        self.names = json.loads(description)
        for name in self.names:
            if name not in self.KNOWN:
                raise ValueError(name)

    def fit(self, X):
        self.pairs = []
        for name in self.names:
            there, back = np.log1p, np.expm1
            if name != "log1p":
                low = np.mean(X, 0) if name == "standard" else np.min(X, 0)
                size = np.std(X, 0) if name == "standard" else np.ptp(X, 0)
                size = size + (size < 1e-12)
                there = lambda A, low=low, size=size: (A - low) / size
                back = lambda A, low=low, size=size: A * size + low
            self.pairs.append((there, back))
            X = there(X)
        return self

    def transform(self, X):
        for there, _ in self.pairs:
            X = there(X)
        return X

    def inverse_transform(self, Z):
        for _, back in self.pairs[::-1]:
            Z = back(Z)
        return Z
""",
    ),
]

_SMEAR = """
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * {factor}
"""
MISTAKES["10.7"] = [
    ("no correction", _SMEAR.format(factor="1.0")),
    ("the formula for bell-shaped errors", _SMEAR.format(factor="np.exp(residuals.var() / 2)")),
    (
        "the mean first, then the exponential",
        _SMEAR.format(factor="np.exp(residuals.mean())"),
    ),
    ("the residual is turned round", _SMEAR.format(factor="np.exp(-residuals).mean()")),
    (
        "the ratio of the two mean prices",
        _SMEAR.format(factor="np.mean(true_prices) / np.exp(fitted_logs).mean()"),
    ),
]
SAYS["10.7"] = ["Exponentiate", "bell curve", "then take the mean", "minus fitted", "each residual"]
ALTERNATIVES["10.7"] = [
    (
        "a mean of ratios of prices",
        """
def smeared(true_prices, fitted_logs, new_logs):
    return np.mean(true_prices / np.exp(fitted_logs)) * np.exp(new_logs)
""",
    ),
]

_PAIRED = """
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = t * np.sqrt({variance})
    return d.mean(), d.mean() - half, d.mean() + half
"""
MISTAKES["10.8"] = [
    (
        "the term for overlapping training sets is missing",
        _PAIRED.format(variance="d.var(ddof=1) / k"),
    ),
    (
        "the variance divides by k",
        _PAIRED.format(variance="(1 / k + 1 / (k - 1)) * d.var()"),
    ),
    (
        "the two models are taken for independent",
        _PAIRED.format(variance="(1 / k + 1 / (k - 1)) * (first.var(ddof=1) + second.var(ddof=1))"),
    ),
]
SAYS["10.8"] = ["1/k + 1/(k - 1)", "k - 1 below the line", "fold by fold"]
ALTERNATIVES["10.8"] = [
    (
        "sums written out",
        """
def paired_interval(first, second, t):
    d = [a - b for a, b in zip(first, second)]
    k, mean = len(d), sum(d) / len(d)
    square = sum((x - mean) ** 2 for x in d) / (k - 1)
    half = t * (square * (2 * k - 1) / (k * (k - 1))) ** 0.5
    return mean, mean - half, mean + half
""",
    ),
]

MISTAKES["10.10"] = [
    (
        "a line in the plain columns",
        """
def value(X_known, price_known, X_new):
    A = np.column_stack([X_known, np.ones(len(X_known))])
    w = np.linalg.lstsq(A, price_known, rcond=None)[0]
    return np.column_stack([X_new, np.ones(len(X_new))]) @ w
""",
    ),
    (
        "the logarithm of the price is predicted and never undone",
        """
def value(X_known, price_known, X_new):
    A = np.column_stack([X_known, np.ones(len(X_known))])
    w = np.linalg.lstsq(A, np.log(price_known), rcond=None)[0]
    return np.column_stack([X_new, np.ones(len(X_new))]) @ w
""",
    ),
    (
        "the price of the nearest sale",
        """
def value(X_known, price_known, X_new):
    gap = ((X_new[:, None, 6:] - X_known[:, 6:]) ** 2).sum(axis=2)
    return price_known[gap.argmin(axis=1)]
""",
    ),
]
SAYS["10.10"] = ["logarithm of the price", "logarithm of the price", "logarithms of the areas"]
ALTERNATIVES["10.10"] = [
    (
        "a ridge in the kernel's form: a bell for the place, one for the house",
        """
def value(X_known, price_known, X_new):
    def logs(X):
        return np.column_stack([np.log(X[:, :2]), X[:, 2:]])
    center, spread = logs(X_known).mean(axis=0), logs(X_known).std(axis=0)
    A, B = ((logs(X) - center) / spread for X in (X_known, X_new))
    def bell(P, Q, width):
        gap = (P**2).sum(axis=1)[:, None] + (Q**2).sum(axis=1) - 2 * P @ Q.T
        return np.exp(-gap / (2 * width**2))
    def kernel(P, Q):
        place = [bell(P[:, 6:], Q[:, 6:], width) for width in (1.0, 0.2)]
        return sum(place) + 3 * bell(P, Q, 5.0)
    y, mean = np.log(price_known), np.log(price_known).mean()
    weights = np.linalg.solve(kernel(A, A) + 0.5 * np.eye(len(A)), y - mean)
    return np.exp(kernel(B, A) @ weights + mean)
""",
    ),
]
