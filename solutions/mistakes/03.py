# %% [markdown]
# Answers to the exercises of chapter 3: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="3.4" wrong="the direction is not brought to length one" says="divide v by its length"
def slope_along(f, point, v):
    return (f(point + 1e-5 * v) - f(point - 1e-5 * v)) / 2e-5

def way_down(f, point):
    slopes = np.array([slope_along(f, point, e) for e in np.eye(len(point))])
    if np.abs(slopes).max() < 1e-6:
        return np.zeros(len(point))
    return -slopes / np.linalg.norm(slopes)

# %% exercise="3.4" wrong="uphill, and not a number on a peak" says="compare their size with 1e-6"
def slope_along(f, point, v):
    way = 1e-5 * v / np.linalg.norm(v)
    return (f(point + way) - f(point - way)) / 2e-5

def way_down(f, point):
    slopes = np.array([slope_along(f, point, e) for e in np.eye(len(point))])
    with np.errstate(invalid="ignore"):
        return slopes / np.linalg.norm(slopes)

# %% exercise="3.4" wrong="a one-sided difference over the way to one side only, and v is changed" says="divide the difference by the whole way"
def slope_along(f, point, v):
    v = np.array(v)
    v /= np.linalg.norm(v)
    return (f(point + 1e-5 * v) - f(point - 1e-5 * v)) / 1e-5

def way_down(f, point):
    slopes = np.array([slope_along(f, point, e) for e in np.eye(len(point))])
    size = np.linalg.norm(slopes)
    return -slopes / size if size > 1e-6 else 0 * slopes

# %% exercise="3.4" right="lists, and a loop over the entries"
def slope_along(f, point, v):
    length = sum(entry**2 for entry in v) ** 0.5
    ahead = np.array([p + 1e-5 * entry / length for p, entry in zip(point, v)])
    behind = np.array([p - 1e-5 * entry / length for p, entry in zip(point, v)])
    return float((f(ahead) - f(behind)) / 2e-5)

def way_down(f, point):
    slopes = []
    for axis in range(len(point)):
        unit = [0.0] * len(point)
        unit[axis] = 1.0
        slopes.append(slope_along(f, point, unit))
    if all(abs(slope) < 1e-6 for slope in slopes):
        return [0.0] * len(point)
    size = sum(slope**2 for slope in slopes) ** 0.5
    return [-slope / size for slope in slopes]

# %% exercise="3.5" wrong="the chain rule is forgotten" says="which is 1 / T"
def slopes_in_z(z, T):
    a = softmax(z / T)
    return np.diag(a) - np.outer(a, a)

def slopes_in_T(z, T):
    a = softmax(z / T)
    return -a * (z - a @ z)

# %% exercise="3.5" wrong="the sum in the softmax is taken for a constant" says="weighted by a"
def slopes_in_z(z, T):
    a = softmax(z / T)
    return np.diag(a) / T

def slopes_in_T(z, T):
    return -softmax(z / T) * z / T**2

# %% exercise="3.5" wrong="the plain mean of the scores in place of that under a" says="weighted by a"
def slopes_in_z(z, T):
    a = softmax(z / T)
    return (np.diag(a) - np.outer(a, a)) / T

def slopes_in_T(z, T):
    return -softmax(z / T) * (z - z.mean()) / T**2

# %% exercise="3.5" wrong="finite differences" says="a finite difference has"
def slopes_in_z(z, T):
    h = 1e-6
    columns = [(softmax((z + h * e) / T) - softmax((z - h * e) / T)) / (2 * h) for e in np.eye(len(z))]
    return np.array(columns).T

def slopes_in_T(z, T):
    h = 1e-6
    return (softmax(z / (T + h)) - softmax(z / (T - h))) / (2 * h)

# %% exercise="3.5" right="two loops, and the slope in T by way of those in z"
def slopes_in_z(z, T):
    a = softmax(z / T)
    rows = []
    for i in range(len(z)):
        rows.append([a[i] * ((i == j) - a[j]) / T for j in range(len(z))])
    return rows

def slopes_in_T(z, T):
    return [sum(-s * score / T for s, score in zip(row, z)) for row in slopes_in_z(z, T)]

# %% exercise="3.6" wrong="the sum over the batch in place of the mean" says="not the sum"
def descend(a, x, lr, B, steps, rng):
    places = []
    for _ in range(steps):
        seen = a if B is None else rng.choice(a, size=B)
        x = x - lr * (2 * (x - seen)).sum()
        places.append(x)
    return np.array(places)

def cloud(a, lr, B):
    return lr * np.var(a) / (B * (1 - lr))

# %% exercise="3.6" wrong="the 2 of the slope is missing, and the start is among the places" says="after the first step"
def descend(a, x, lr, B, steps, rng):
    places = [x]
    for _ in range(steps - 1):
        seen = a if B is None else rng.choice(a, size=B)
        x = x - lr * (x - seen.mean())
        places.append(x)
    return np.array(places)

def cloud(a, lr, B):
    return lr * np.var(a) / (B * (1 - lr))

# %% exercise="3.6" wrong="the variance of one step, not that of the walk" says="Solve v ="
def descend(a, x, lr, B, steps, rng):
    places = []
    for _ in range(steps):
        seen = a if B is None else rng.choice(a, size=B)
        x = x - lr * 2 * (x - seen.mean())
        places.append(x)
    return np.array(places)

def cloud(a, lr, B):
    return 4 * lr**2 * np.var(a) / B

# %% exercise="3.6" right="a list, and the factor written out"
def descend(a, x, lr, B, steps, rng):
    places = []
    while len(places) < steps:
        mean = sum(rng.choice(a, size=B)) / B if B else a.mean()
        x = (1 - 2 * lr) * x + 2 * lr * mean
        places += [x]
    return places

def cloud(a, lr, B):
    return 4 * lr**2 * a.var() / B / (1 - (1 - 2 * lr) ** 2)

# %% exercise="3.7" wrong="the first columns still, with the mean taken away" says="In which order"
def compress(X, k):
    centre = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(X.T))
    return (X - centre) @ vectors[:, :k], vectors[:, :k], centre

def restore(numbers, basis, centre):
    return numbers @ basis.T + centre

# %% exercise="3.7" wrong="the last columns, but no mean" says="the mean is taken away"
def compress(X, k):
    values, vectors = np.linalg.eigh(np.cov(X.T))
    basis = vectors[:, -k:]
    return X @ basis, basis, np.zeros(X.shape[1])

def restore(numbers, basis, centre):
    return numbers @ basis.T + centre

# %% exercise="3.7" wrong="the last rows in place of the last columns" says="The components that matter"
def compress(X, k):
    centre = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(X.T))
    basis = vectors[-k:].T
    return (X - centre) @ basis, basis, centre

def restore(numbers, basis, centre):
    return numbers @ basis.T + centre

# %% exercise="3.7" right="by singular values"
def compress(X, k):
    centre = X.mean(axis=0)
    _, _, rows = np.linalg.svd(X - centre, full_matrices=False)
    return (X - centre) @ rows[:k].T, rows[:k].T, centre

def restore(numbers, basis, centre):
    return np.array([centre + basis @ row for row in numbers])

# %% exercise="3.7" right="the mean is not taken away, and the centre makes up for it"
def compress(X, k):
    values, vectors = np.linalg.eigh(np.cov(X.T))
    basis, mean = vectors[:, -k:], X.mean(axis=0)
    return X @ basis, basis, mean - basis @ (basis.T @ mean)

def restore(numbers, basis, centre):
    return numbers @ basis.T + centre

# %% exercise="3.9" wrong="the best rate of plain descent, without momentum" says="nearer to 1"
def choose(small, large):
    return 2 / (small + large), 0.0

# %% exercise="3.9" wrong="one momentum for every valley" says="must hang on small / large"
def choose(small, large):
    return 1 / large, 0.9

# %% exercise="3.9" right="the double root written with kappa"
def choose(small, large):
    root = (large / small) ** 0.5
    beta = ((root - 1) / (root + 1)) ** 2
    return (1 + beta**0.5) ** 2 / large, beta

# %% exercise="3.10" wrong="the slopes are not divided by the number of rows" says="divides it by N"
class CrossEntropy(dl.Function):
    @staticmethod
    def forward(ctx, logits, truth):
        shifted = logits - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        ctx.save(logs, truth)
        return -(truth * logs).sum() / len(logits)

    @staticmethod
    def backward(ctx, grad_out):
        logs, truth = ctx.saved
        return grad_out * (np.exp(logs) - truth), -grad_out * logs

    @staticmethod
    def jvp(ctx, dlogits, dtruth):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="3.10" wrong="the logarithm of the probabilities, which overflow" says="Subtract the largest score"
class CrossEntropy(dl.Function):
    @staticmethod
    def forward(ctx, logits, truth):
        with np.errstate(all="ignore"):
            a = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            ctx.save(a, truth)
            return -(truth * np.log(a)).sum() / len(logits)

    @staticmethod
    def backward(ctx, grad_out):
        a, truth = ctx.saved
        return grad_out * (a - truth) / len(a), -grad_out * np.log(a) / len(a)

    @staticmethod
    def jvp(ctx, dlogits, dtruth):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="3.10" wrong="truth minus prediction, and grad_out is forgotten" says="prediction minus truth"
class CrossEntropy(dl.Function):
    @staticmethod
    def forward(ctx, logits, truth):
        shifted = logits - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        ctx.save(logs, truth)
        return -(truth * logs).sum() / len(logits)

    @staticmethod
    def backward(ctx, grad_out):
        logs, truth = ctx.saved
        return (truth - np.exp(logs)) / len(logs), -logs / len(logs)

    @staticmethod
    def jvp(ctx, dlogits, dtruth):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="3.10" wrong="no slopes for the truth" says="backward returns a second array"
class CrossEntropy(dl.Function):
    @staticmethod
    def forward(ctx, logits, truth):
        shifted = logits - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        ctx.save(logs, truth)
        return -(truth * logs).sum() / len(logits)

    @staticmethod
    def backward(ctx, grad_out):
        logs, truth = ctx.saved
        return grad_out * (np.exp(logs) - truth) / len(logs), None

    @staticmethod
    def jvp(ctx, dlogits, dtruth):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="3.10" right="a loop over the rows, with the Jacobian of softmax"
class CrossEntropy(dl.Function):
    @staticmethod
    def forward(ctx, logits, truth):
        logs = []
        for row in logits:
            row = row - max(row)
            logs.append(row - np.log(sum(np.exp(row))))
        logs = np.array(logs)
        ctx.save(logs, truth)
        return np.mean([-(p * log).sum() for p, log in zip(truth, logs)])

    @staticmethod
    def backward(ctx, grad_out):
        logs, truth = ctx.saved
        shares = []
        for log, p in zip(logs, truth):
            slopes = np.eye(len(log)) - np.exp(log)           # of log a
            shares.append(-p @ slopes)
        return grad_out * np.array(shares) / len(logs), -grad_out * logs / len(logs)

    @staticmethod
    def jvp(ctx, dlogits, dtruth):
        raise NotImplementedError("forward mode is not asked for")
