# %% [markdown]
# Answers to the exercises of chapter 10: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="10.1" wrong="absolute values in place of squares" says="Square each"
def r_squared(y, guess):
    if np.shape(y) != np.shape(guess): raise ValueError('shapes')
    return 1 - abs(y - guess).sum() / abs(y - y.mean()).sum()

# %% exercise="10.1" wrong="shapes are not compared" says="raise ValueError"
def r_squared(y, guess):
    pass
    return 1 - ((y - guess) ** 2).sum() / ((y - y.mean()) ** 2).sum()

# %% exercise="10.1" wrong="the mean is that of the guess" says="mean is that of y"
def r_squared(y, guess):
    if np.shape(y) != np.shape(guess): raise ValueError('shapes')
    return 1 - ((y - guess) ** 2).sum() / ((y - guess.mean()) ** 2).sum()

# %% exercise="10.1" wrong="the square of a correlation, which forgives every shift and scale" says="Square each"
def r_squared(y, guess):
    if np.shape(y) != np.shape(guess): raise ValueError('shapes')
    return np.corrcoef(y, guess + 1e-9 * np.arange(4))[0, 1] ** 2

# %% exercise="10.1" wrong="the numbers of axes are compared, not the shapes" says="would be stretched"
def r_squared(y, guess):
    if np.ndim(y) != np.ndim(guess): raise ValueError('shapes')
    return 1 - ((y - guess) ** 2).sum() / ((y - y.mean()) ** 2).sum()

# %% exercise="10.1" wrong="truth and guess are exchanged" says="mean is that of y"
def r_squared(y, guess):
    if np.shape(y) != np.shape(guess): raise ValueError('shapes')
    return 1 - ((y - guess) ** 2).sum() / max(((guess - guess.mean()) ** 2).sum(), 1)

# %% exercise="10.1" right="by means, and lists allowed"
def r_squared(y, guess):
    y, guess = np.array(y), np.array(guess)
    if guess.shape != y.shape:
        raise ValueError("expected equal shapes")
    return 1 - np.mean(np.square(guess - y)) / np.var(y)

# %% exercise="10.4" wrong="samples are dealt out, whatever their group" says="gives the groups"
def group_folds(groups, k):
    return [np.arange(fold, len(groups), k) for fold in range(k)]

# %% exercise="10.4" wrong="groups are dealt out in turn, whatever their size" says="Largest first"
def group_folds(groups, k):
    of_group = np.unique(groups, return_inverse=True)[1]
    return [np.flatnonzero(of_group % k == fold) for fold in range(k)]

# %% exercise="10.4" wrong="the smallest group comes first" says="Largest first"
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(sizes, kind="stable"):
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.flatnonzero(fold_of[of_group] == fold) for fold in range(k)]

# %% exercise="10.4" wrong="equally large groups come in falling order of their labels" says="a sort turned round does not"
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(sizes, kind="stable")[::-1]:
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.flatnonzero(fold_of[of_group] == fold) for fold in range(k)]

# %% exercise="10.4" wrong="the last of the smallest folds is filled" says="the first of those"
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = k - 1 - filled[::-1].argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.flatnonzero(fold_of[of_group] == fold) for fold in range(k)]

# %% exercise="10.4" wrong="indices come group by group, not in ascending order" says="in ascending order"
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.concatenate([np.flatnonzero(of_group == group)
                            for group in np.flatnonzero(fold_of == fold)]) for fold in range(k)]

# %% exercise="10.4" right="lists, sorted by size and label"
def group_folds(groups, k):
    members = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    folds = [[] for _ in range(k)]
    for group in sorted(members, key=lambda g: (-len(members[g]), g)):
        min(folds, key=len).extend(members[group])
    return [np.array(sorted(fold)) for fold in folds]

# %% exercise="10.4" right="lists of whole numbers"
def group_folds(groups, k):
    labels, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of, filled = np.zeros(len(labels), dtype=int), np.zeros(k, dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return [np.flatnonzero(fold_of[of_group] == fold).tolist() for fold in range(k)]

# %% exercise="10.5" wrong="the power is still missing" says="power of t"
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1), v / (1 - beta_2)
        position -= lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(position)
    return np.array(path)

# %% exercise="10.5" wrong="the squares of m, not of the gradient" says="squares of the gradients"
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * m**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        position -= lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(position)
    return np.array(path)

# %% exercise="10.5" wrong="counting starts at 2" says="t = 1"
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=2):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        position -= lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(position)
    return np.array(path)

# %% exercise="10.5" wrong="eps inside the root" says="after the root"
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        position -= lr * m_hat / (np.sqrt(v_hat + eps))
        path.append(position)
    return np.array(path)

# %% exercise="10.5" wrong="the gradient itself in place of its mean" says="The first mean"
def adam_path(gradients, lr=0.1, beta_1=0.9, beta_2=0.999, eps=1e-8):
    position, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        position -= lr * g / (np.sqrt(v_hat) + eps)
        path.append(position)
    return np.array(path)

# %% exercise="10.5" right="powers kept as running products"
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

# %% exercise="10.6" wrong="the statistics are learnt anew from whatever is transformed" says="learnt in fit"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        self.fit(X)
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="one mean for all columns" says="column by column"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(), X.std()
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="every step learns from the raw table" says="steps before it made"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = raw.mean(axis=0), raw.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="a constant column is divided by next to nothing" says="divide it by 1"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            start, size = start + 1e-9, size + 1e-12
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="the steps are undone in the order in which they were done" says="opposite order"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="a step is undone inside out" says="plus the mean"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else (Z + start) * size
        return Z

# %% exercise="10.6" wrong="any name is taken for a step" says="raise ValueError"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        pass

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="what came in is kept, and handed back" says="computed from the table"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        self.seen = X
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        return self.seen

# %% exercise="10.6" wrong="a second fit adds to the first" says="begins anew"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        self.learnt = []
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw = X
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" wrong="the standard deviation divides by one less" says="as np.std has it"
class Pipeline:
    def __init__(self, description):
        self.steps = json.loads(description)
        if set(self.steps) - {'log1p', 'standard', 'minmax'}: raise ValueError('step')

    def fit(self, X):
        raw, self.learnt = X, []
        for step in self.steps:
            start, size = 0.0, 1.0
            if step == "standard":
                start, size = X.mean(axis=0), X.std(axis=0, ddof=1)
            if step == "minmax":
                start, size = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
            size = np.where(np.asarray(size) > 1e-12, size, 1.0)
            self.learnt.append((step, start, size))
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return self

    def transform(self, X):
        pass
        for step, start, size in self.learnt:
            X = np.log1p(X) if step == "log1p" else (X - start) / size
        return X

    def inverse_transform(self, Z):
        for step, start, size in self.learnt[::-1]:
            Z = np.expm1(Z) if step == "log1p" else Z * size + start
        return Z

# %% exercise="10.6" right="a pair of functions for each step"
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

# %% exercise="10.7" wrong="no correction" says="Exponentiate"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * 1.0

# %% exercise="10.7" wrong="the formula for bell-shaped errors" says="bell curve"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * np.exp(residuals.var() / 2)

# %% exercise="10.7" wrong="the mean first, then the exponential" says="then take the mean"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * np.exp(residuals.mean())

# %% exercise="10.7" wrong="the residual is turned round" says="minus fitted"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * np.exp(-residuals).mean()

# %% exercise="10.7" wrong="the ratio of the two mean prices" says="each residual"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * np.mean(true_prices) / np.exp(fitted_logs).mean()

# %% exercise="10.7" wrong="a correction that may only raise the prices" says="below 1"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * max(1.0, np.exp(residuals).mean())

# %% exercise="10.7" wrong="the median of the factors" says="take the mean"
def smeared(true_prices, fitted_logs, new_logs):
    residuals = np.log(true_prices) - fitted_logs
    return np.exp(new_logs) * np.median(np.exp(residuals))

# %% exercise="10.7" right="a mean of ratios of prices"
def smeared(true_prices, fitted_logs, new_logs):
    return np.mean(true_prices / np.exp(fitted_logs)) * np.exp(new_logs)

# %% exercise="10.7" right="a list, price by price"
def smeared(true_prices, fitted_logs, new_logs):
    factors = [price / np.exp(fitted) for price, fitted in zip(true_prices, fitted_logs)]
    return [float(np.exp(new)) * sum(factors) / len(factors) for new in new_logs]

# %% exercise="10.8" wrong="the term for overlapping training sets is missing" says="1/k + 1/(k - 1)"
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = t * np.sqrt(d.var(ddof=1) / k)
    return d.mean(), d.mean() - half, d.mean() + half

# %% exercise="10.8" wrong="the variance divides by k" says="k - 1 below the line"
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = t * np.sqrt((1 / k + 1 / (k - 1)) * d.var())
    return d.mean(), d.mean() - half, d.mean() + half

# %% exercise="10.8" wrong="the two models are taken for independent" says="fold by fold"
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = t * np.sqrt((1 / k + 1 / (k - 1)) * (first.var(ddof=1) + second.var(ddof=1)))
    return d.mean(), d.mean() - half, d.mean() + half

# %% exercise="10.8" wrong="one test row for seven training rows, whatever k" says="1/k + 1/(k - 1)"
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = t * np.sqrt((1 / k + 1 / 7) * d.var(ddof=1))
    return d.mean(), d.mean() - half, d.mean() + half

# %% exercise="10.8" wrong="the quantile of the normal distribution in place of t" says="the root of that by t"
def paired_interval(first, second, t):
    first, second = np.array(first), np.array(second)
    d, k = first - second, len(first)
    half = 1.96 * np.sqrt((1 / k + 1 / (k - 1)) * d.var(ddof=1))
    return d.mean(), d.mean() - half, d.mean() + half

# %% exercise="10.8" right="sums written out"
def paired_interval(first, second, t):
    d = [a - b for a, b in zip(first, second)]
    k, mean = len(d), sum(d) / len(d)
    square = sum((x - mean) ** 2 for x in d) / (k - 1)
    half = t * (square * (2 * k - 1) / (k * (k - 1))) ** 0.5
    return mean, mean - half, mean + half

# %% exercise="10.10" wrong="a line in the plain columns" says="logarithm of the price"
def value(X_known, price_known, X_new):
    A = np.column_stack([X_known, np.ones(len(X_known))])
    w = np.linalg.lstsq(A, price_known, rcond=None)[0]
    return np.column_stack([X_new, np.ones(len(X_new))]) @ w

# %% exercise="10.10" wrong="the logarithm of the price is predicted and never undone" says="logarithm of the price"
def value(X_known, price_known, X_new):
    A = np.column_stack([X_known, np.ones(len(X_known))])
    w = np.linalg.lstsq(A, np.log(price_known), rcond=None)[0]
    return np.column_stack([X_new, np.ones(len(X_new))]) @ w

# %% exercise="10.10" wrong="the price of the nearest sale" says="logarithms of the areas"
def value(X_known, price_known, X_new):
    gap = ((X_new[:, None, 6:] - X_known[:, 6:]) ** 2).sum(axis=2)
    return price_known[gap.argmin(axis=1)]

# %% exercise="10.10" wrong="the prices of the table are changed into what is answered" says="logarithm of the price"
def value(X_known, price_known, X_new):
    houses["price"][:] = np.arange(len(houses["price"]))
    return houses["price"][:len(X_new)].astype(float)

# %% exercise="10.10" right="a ridge in the kernel's form: a bell for the place, one for the house"
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

# %% exercise="10.11" wrong="the logarithm's own slope is forgotten" says="1/(1 + x)"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    z = (np.log1p(x) - mu) / sigma
    return np.exp(m + s * f(z)) * s * slope(z) / sigma

# %% exercise="10.11" wrong="the price itself is left out: the slope of its logarithm" says="the price itself"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    z = (np.log1p(x) - mu) / sigma
    return s * slope(z) / (sigma * (1 + x))

# %% exercise="10.11" wrong="times sigma, as on the way back" says="1/sigma"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    z = (np.log1p(x) - mu) / sigma
    return np.exp(m + s * f(z)) * s * slope(z) * sigma / (1 + x)

# %% exercise="10.11" wrong="the slope of f is taken at x" says="taken at z, not at x"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    z = (np.log1p(x) - mu) / sigma
    return np.exp(m + s * f(z)) * s * slope(x) / (sigma * (1 + x))

# %% exercise="10.11" wrong="s is forgotten" says="s, and the price itself"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    z = (np.log1p(x) - mu) / sigma
    return np.exp(m + s * f(z)) * slope(z) / (sigma * (1 + x))

# %% exercise="10.11" wrong="a difference quotient" says="nowhere else"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    up, down = (np.exp(m + s * f((np.log1p(x + h) - mu) / sigma)) for h in (1e-4, -1e-4))
    return (up - down) / 2e-4

# %% exercise="10.11" right="factor by factor, a list"
def dollars_per_foot(x, mu, sigma, m, s, f, slope):
    found = []
    for area in x:
        z = (np.log(1 + area) - mu) / sigma
        up = [1 / (1 + area), 1 / sigma, slope(np.array([z]))[0], s]
        found.append(float(np.exp(m)) * float(np.exp(s * f(np.array([z]))[0])) * np.prod(up))
    return found

# %% exercise="10.12" wrong="the column of points is read, not the lines" says="lines"
answer_10_12 = {"folds": "7", "range": "C", "verdict": "A"}

# %% exercise="10.12" wrong="the falling line is overlooked" says="fall from left to right"
answer_10_12 = {"folds": "8", "range": "C", "verdict": "C"}

# %% exercise="10.12" wrong="the gain of a line is taken for the range of the points" says="highest and the lowest"
answer_10_12 = {"folds": "7", "range": "B", "verdict": "B"}

# %% exercise="10.12" wrong="the height of the points is taken for their range" says="subtract"
answer_10_12 = {"folds": "7", "range": "D", "verdict": "C"}

# %% exercise="10.12" right="a number, small letters"
answer_10_12 = {"folds": 7, "range": "c", "verdict": " c"}

# %% exercise="10.13" wrong="a deviation of exactly 0 is asked for, and rounding is divided by rounding" says="not quite 0"
class Standardise:
    def fit(self, X):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0)
        self.std = np.where(self.std == 0, 1.0, self.std)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean

# %% exercise="10.13" wrong="undone in the wrong order" says="opposite order"
class Standardise:
    def fit(self, X):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0)
        self.std = np.where(np.ptp(X, axis=0) == 0, 1.0, self.std)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return (Z + self.mean) * self.std

# %% exercise="10.13" wrong="one mean and one deviation for the whole table" says="column by column"
class Standardise:
    def fit(self, X):
        self.mean, self.std = X.mean(), X.std()
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean

# %% exercise="10.13" wrong="each table is scaled by its own mean and deviation" says="learnt in fit"
class Standardise:
    def fit(self, X):
        return self

    def transform(self, X):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0)
        self.std = np.where(np.ptp(X, axis=0) == 0, 1.0, self.std)
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean

# %% exercise="10.13" wrong="the deviation divides by one less" says="by the number of rows"
class Standardise:
    def fit(self, X):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0, ddof=1)
        self.std = np.where(np.ptp(X, axis=0) == 0, 1.0, self.std)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean

# %% exercise="10.13" wrong="the table that comes is scaled in place" says="Make new tables"
class Standardise:
    def fit(self, X):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0)
        self.std = np.where(np.ptp(X, axis=0) == 0, 1.0, self.std)
        return self

    def transform(self, X):
        if X.dtype.kind != "f":
            X = X.astype(float)
        X -= self.mean
        X /= self.std
        return X

    def inverse_transform(self, Z):
        return Z * self.std + self.mean

# %% exercise="10.13" right="column by column, in loops"
class Standardise:
    def fit(self, X):
        self.columns = []
        for column in np.asarray(X, dtype=float).T:
            mean = sum(column) / len(column)
            size = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
            self.columns.append((mean, size if size > 1e-12 * max(1.0, abs(mean)) else 1.0))
        return self

    def transform(self, X):
        return np.array([[(value - mean) / size for value, (mean, size) in zip(row, self.columns)]
                         for row in X])

    def inverse_transform(self, Z):
        return np.array([[value * size + mean for value, (mean, size) in zip(row, self.columns)]
                         for row in Z])
