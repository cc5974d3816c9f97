# %% [markdown]
# Answers to the exercises of chapter 7: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="7.1" wrong="the slope with respect to the input is taken for that with respect to the weight" says="what beside w1"
answer_7_1 = {"output": "B", "slope": "B", "moved": "A"}

# %% exercise="7.1" wrong="the ReLU is forgotten" says="On which side of zero"
answer_7_1 = {"output": "B", "slope": "C", "moved": "D"}

# %% exercise="7.1" wrong="the bias is forgotten" says="two products and the bias"
answer_7_1 = {"output": "A", "slope": "C", "moved": "B"}

# %% exercise="7.1" right="small letters and blanks"
answer_7_1 = {"moved": "a", "slope": " c", "output": "b "}

# %% exercise="7.2" wrong="the announcement is believed, ten slopes are added, and the mean is taken twice" says="how often do they fit"
answer_7_2 = {"layers": "C", "share": "B", "mean": "B"}

# %% exercise="7.2" wrong="one slope for all ten layers" says="ten such factors"
answer_7_2 = {"layers": "B", "share": "A", "mean": "A"}

# %% exercise="7.2" wrong="the sums of the biases are divided once more" says="made of the last δ"
answer_7_2 = {"layers": "B", "share": "C", "mean": "C"}

# %% exercise="7.2" right="small letters and blanks"
answer_7_2 = {"mean": " a", "layers": "b", "share": "c "}

# %% exercise="7.3" wrong="the line that needs the longest steps is taken for single dots" says="128 times as many steps"
answer_7_3 = {"one": "B", "left": "B", "right": "C"}

# %% exercise="7.3" wrong="short steps are taken for long ones" says="How many batches has an epoch"
answer_7_3 = {"one": "C", "left": "A", "right": "C"}

# %% exercise="7.3" wrong="a mean is thought to be longer than its parts" says="a single dot has not"
answer_7_3 = {"one": "C", "left": "B", "right": "D"}

# %% exercise="7.3" right="small letters"
answer_7_3 = {"one": "c", "left": " b ", "right": "c"}

# %% exercise="7.4" wrong="the end is left out" says="101 places"
def pictures(folder, rng):
    made = {}
    z = np.arange(-5, 5, 0.1)
    low, high = rng.uniform(0, 5, (25, 2)), rng.uniform(5, 10, (25, 2))
    for name in ("relu", "loss", "dots"):
        made[name], ax = plt.subplots(figsize=(8, 6))
        if name == "relu":
            ax.plot(z, np.maximum(z, 0))
        elif name == "loss":
            ax.plot(1 / np.arange(1, 101) + rng.uniform(-0.01, 0.01, 100))
        else:
            ax.plot(*low.T, "o")
            ax.plot(*high.T, "o")
        ax.set(xlabel="x", ylabel="y")
        made[name].savefig(folder / f"{name}.png", dpi=100)
    return made

# %% exercise="7.4" wrong="the file has the dots per inch of the style, and the noise one sign" says="a dpi of its own"
def pictures(folder, rng):
    made = {}
    z = np.linspace(-5, 5, 101)
    for name in ("relu", "loss", "dots"):
        made[name], ax = plt.subplots(figsize=(8, 6), dpi=100)
        if name == "relu":
            ax.plot(z, np.maximum(z, 0))
        elif name == "loss":
            ax.plot(1 / np.arange(1, 101) + 0.01 * rng.random(100))
        else:
            ax.scatter(*rng.uniform(0, 5, (25, 2)).T)
            ax.scatter(*rng.uniform(5, 10, (25, 2)).T)
        ax.set(xlabel="x", ylabel="y")
        made[name].savefig(folder / f"{name}.png")
    return made

# %% exercise="7.4" wrong="the dots lie on a diagonal line" says="not a diagonal line"
def pictures(folder, rng):
    made = {}
    z = np.linspace(-5, 5, 101)
    for name in ("relu", "loss", "dots"):
        made[name], ax = plt.subplots(figsize=(8, 6))
        if name == "relu":
            ax.plot(z, np.maximum(z, 0))
        elif name == "loss":
            ax.plot(1 / np.arange(1, 101) + rng.uniform(-0.01, 0.01, 100))
        else:
            t = np.linspace(0, 10, 51)[rng.permutation(50)]
            ax.scatter(t, t)
        ax.set(xlabel="x", ylabel="y")
        made[name].savefig(folder / f"{name}.png", dpi=100)
    return made

# %% exercise="7.4" right="figures without pyplot, and one scatter for both classes"
def pictures(folder, rng):
    from matplotlib.figure import Figure

    made = {name: Figure(figsize=(4, 3), dpi=200) for name in ("relu", "loss", "dots")}
    axes = {name: fig.add_subplot() for name, fig in made.items()}
    axes["relu"].plot([k / 10 for k in range(-50, 51)], [0] * 50 + [k / 10 for k in range(51)])
    axes["loss"].plot(range(100), [1 / (n + 1) + rng.uniform(-0.01, 0.01) for n in range(100)])
    dots = rng.random((50, 2)) * 5
    dots[25:] += 5
    axes["dots"].scatter(dots[:, 0], dots[:, 1], c=[0] * 25 + [1] * 25)
    for name, ax in axes.items():
        ax.set_xlabel("across")
        ax.set_ylabel("up")
        made[name].savefig(str(folder) + "/" + name + ".png", dpi=200)
    return made

# %% exercise="7.5" wrong="the slope of the sigmoid is forgotten in Swish" says="two terms"
MINE = {
    "leaky": (lambda z: np.maximum(z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
    "swish": (lambda z: z * sigmoid(z), sigmoid),
}

def alpha_slope(z, grad_out):
    return (grad_out * np.minimum(z, 0)).sum()

def flow(bend, weights, x, grad_out):
    sums, sizes = [], []
    for W in weights:
        sums.append(x @ W.T)
        x = bend[0](sums[-1])
    for W, z in zip(weights[::-1], sums[::-1]):
        delta = grad_out * bend[1](z)
        sizes.append(np.abs(delta).mean())
        grad_out = delta @ W
    return sizes[::-1]

# %% exercise="7.5" wrong="slopes are taken at the outputs, and the share of alpha is that of a whole ReLU" says="not at a"
MINE = {
    "leaky": (lambda z: np.maximum(z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
    "swish": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))),
}

def alpha_slope(z, grad_out):
    return (grad_out * z).sum()

def flow(bend, weights, x, grad_out):
    sums, sizes = [], []
    for W in weights:
        x = bend[0](x @ W.T)
        sums.append(x)
    for W, z in zip(weights[::-1], sums[::-1]):
        delta = grad_out * bend[1](z)
        sizes.append(np.abs(delta).mean())
        grad_out = delta @ W
    return sizes[::-1]

# %% exercise="7.5" wrong="the weights are transposed on the way back, and the last layer comes first" says="without a transpose"
MINE = {
    "leaky": (lambda z: np.maximum(z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
    "swish": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))),
}

def alpha_slope(z, grad_out):
    return (grad_out * np.minimum(z, 0)).sum()

def flow(bend, weights, x, grad_out):
    sums, sizes = [], []
    for W in weights:
        sums.append(x @ W.T)
        x = bend[0](sums[-1])
    for W, z in zip(weights[::-1], sums[::-1]):
        delta = grad_out * bend[1](z)
        sizes.append(np.abs(delta).mean())
        grad_out = delta @ W.T
    return sizes

# %% exercise="7.5" wrong="exponentials that overflow, and a leak without a slope" says="does not overflow"
MINE = {
    "leaky": (lambda z: np.maximum(z, 0.1 * z), lambda z: (z > 0) * 1.0),
    "swish": (lambda z: z * np.exp(z) / (1 + np.exp(z)),
              lambda z: np.exp(z) * (1 + z + np.exp(z)) / (1 + np.exp(z)) ** 2),
}

def alpha_slope(z, grad_out):
    return np.minimum(z, 0).sum()

def flow(bend, weights, x, grad_out):
    sums, sizes = [], []
    for W in weights:
        sums.append(x @ W.T)
        x = bend[0](sums[-1])
    for W, z in zip(weights[::-1], sums[::-1]):
        delta = grad_out * bend[1](z)
        sizes.append(np.abs(delta).mean())
        grad_out = delta @ W
    return sizes[::-1]

# %% exercise="7.5" right="recursion, and functions with names"
def swish(z):
    return z / (1 + np.exp(-np.clip(z, -500, 500)))

def swish_slope(z):
    return [swish(entry) + sigmoid(entry) * (1 - swish(entry)) for entry in z]

MINE = {"swish": [swish, lambda z: np.array(swish_slope(z.ravel())).reshape(z.shape)],
        "leaky": [lambda z: 0.1 * z + 0.9 * np.maximum(z, 0), lambda z: 0.1 + 0.9 * (z > 0)]}

def alpha_slope(z, grad_out):
    return np.sum(grad_out[z < 0] * z[z < 0])

def flow(bend, weights, x, grad_out):
    def back(x, rest):
        if not rest:
            return grad_out, []
        z = np.einsum("ni,oi->no", x, rest[0])
        share, sizes = back(bend[0](z), rest[1:])
        delta = share * bend[1](z)
        return np.einsum("no,oi->ni", delta, rest[0]), [np.mean(np.abs(delta)), *sizes]

    return np.array(back(x, list(weights))[1])

# %% exercise="7.6" wrong="labels of shape (N,) beside scores of shape (N, 1)" says="rows of N"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return (bend[0](x @ W1.T + b1) @ W2.T + b2)[:, 0]

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    z1 = x @ W1.T + b1
    a1 = bend[0](z1)
    z2 = a1 @ W2.T + b2
    loss = np.mean(np.logaddexp(0, z2) - y * z2)
    delta2 = ((sigmoid(z2) - y) / len(x)).sum(axis=1, keepdims=True)
    delta1 = delta2 @ W2 * bend[1](z1)
    return loss, [delta1.T @ x, delta1.sum(0), delta2.T @ a1, delta2.sum(0)]

# %% exercise="7.6" wrong="the slope of the bend is forgotten on the way back" says="by the slope at z1"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return (bend[0](x @ W1.T + b1) @ W2.T + b2)[:, 0]

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    a1 = bend[0](x @ W1.T + b1)
    z2 = a1 @ W2.T + b2
    y = y[:, None]
    loss = np.mean(np.logaddexp(0, z2) - y * z2)
    delta2 = (sigmoid(z2) - y) / len(x)
    delta1 = delta2 @ W2
    return loss, [delta1.T @ x, delta1.sum(0), delta2.T @ a1, delta2.sum(0)]

# %% exercise="7.6" wrong="the mean is taken of the loss and not of its slopes" says="(ŷ - y)/N"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return (bend[0](x @ W1.T + b1) @ W2.T + b2)[:, 0]

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    z1 = x @ W1.T + b1
    a1 = bend[0](z1)
    z2 = a1 @ W2.T + b2
    y = y[:, None]
    loss = np.mean(np.logaddexp(0, z2) - y * z2)
    delta2 = sigmoid(z2) - y
    delta1 = delta2 @ W2 * bend[1](z1)
    return loss, [delta1.T @ x, delta1.sum(0), delta2.T @ a1, delta2.sum(0)]

# %% exercise="7.6" wrong="logarithms of probabilities that are 0" says="never overflows"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return (bend[0](x @ W1.T + b1) @ W2.T + b2)[:, 0]

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    z1 = x @ W1.T + b1
    a1 = bend[0](z1)
    p, y = sigmoid(a1 @ W2.T + b2), y[:, None]
    with np.errstate(all="ignore"):
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    delta2 = (p - y) / len(x)
    delta1 = delta2 @ W2 * bend[1](z1)
    return loss, [delta1.T @ x, delta1.sum(0), delta2.T @ a1, delta2.sum(0)]

# %% exercise="7.6" wrong="the slope of the first weights is transposed where it fits" says="(out, in)"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return (bend[0](x @ W1.T + b1) @ W2.T + b2)[:, 0]

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    z1 = x @ W1.T + b1
    a1 = bend[0](z1)
    z2 = a1 @ W2.T + b2
    y = y[:, None]
    loss = np.mean(np.logaddexp(0, z2) - y * z2)
    delta2 = (sigmoid(z2) - y) / len(x)
    delta1 = delta2 @ W2 * bend[1](z1)
    first = (x.T @ delta1).reshape(W1.shape)
    return loss, [first, delta1.sum(0), delta2.T @ a1, delta2.sum(0)]

# %% exercise="7.6" right="loops over the rows, and flat scores"
def scores(x, parameters, bend):
    W1, b1, W2, b2 = parameters
    return [float(W2[0] @ bend[0](W1 @ row + b1) + b2[0]) for row in x] if len(x) < 10 else (
        bend[0](x @ W1.T + b1) @ W2[0] + b2[0])

def loss_and_slopes(x, y, parameters, bend):
    W1, b1, W2, b2 = parameters
    z1 = x @ W1.T + b1
    a1 = bend[0](z1)
    s = a1 @ W2[0] + b2[0]
    loss = (np.maximum(s, 0) - y * s + np.log1p(np.exp(-np.abs(s)))).sum() / len(y)
    d = (sigmoid(s) - y) / len(y)
    back = np.outer(d, W2[0]) * bend[1](z1)
    first = np.einsum("nh,nd->hd", back, x)
    return np.array(loss), (first, np.add.reduce(back), (d @ a1)[None], np.array([d.sum()]))

# %% exercise="7.7" wrong="the order is mended, the slope still missing" says="times the slope of the sigmoid there"
def step(x, target, W1, W2, lr):
    a1 = sigmoid(x @ W1.T)
    y = sigmoid(a1 @ W2.T)
    delta2 = (y - target) * y * (1 - y) / len(x)
    delta1 = delta2 @ W2
    return {"a1": a1, "y": y, "delta2": delta2, "delta1": delta1,
            "W1": W1 - lr * delta1.T @ x, "W2": W2 - lr * delta2.T @ a1}

# %% exercise="7.7" wrong="the slope is there, the order not mended" says="by the old W2"
def step(x, target, W1, W2, lr):
    a1 = sigmoid(x @ W1.T)
    y = sigmoid(a1 @ W2.T)
    delta2 = (y - target) * y * (1 - y) / len(x)
    W2 = W2 - lr * delta2.T @ a1
    delta1 = delta2 @ W2 * a1 * (1 - a1)
    return {"a1": a1, "y": y, "delta2": delta2, "delta1": delta1,
            "W1": W1 - lr * delta1.T @ x, "W2": W2}

# %% exercise="7.7" wrong="the slope of the sigmoid is taken at its output" says="a1 (1 - a1)"
def step(x, target, W1, W2, lr):
    a1 = sigmoid(x @ W1.T)
    y = sigmoid(a1 @ W2.T)
    delta2 = (y - target) * y * (1 - y) / len(x)
    delta1 = delta2 @ W2 * sigmoid(a1) * (1 - sigmoid(a1))
    return {"a1": a1, "y": y, "delta2": delta2, "delta1": delta1,
            "W1": W1 - lr * delta1.T @ x, "W2": W2 - lr * delta2.T @ a1}

# %% exercise="7.7" wrong="the mean is taken once more for the hidden layer" says="in delta2 already"
def step(x, target, W1, W2, lr):
    a1 = sigmoid(x @ W1.T)
    y = sigmoid(a1 @ W2.T)
    delta2 = (y - target) * y * (1 - y) / len(x)
    delta1 = delta2 @ W2 * a1 * (1 - a1) / len(x)
    return {"a1": a1, "y": y, "delta2": delta2, "delta1": delta1,
            "W1": W1 - lr * delta1.T @ x, "W2": W2 - lr * delta2.T @ a1}

# %% exercise="7.7" right="the share of the hidden layer is kept before the update"
def step(x, target, W1, W2, lr):
    a1 = 1 / (1 + np.exp(-np.dot(x, W1.T)))
    y = 1 / (1 + np.exp(-np.dot(a1, W2.T)))
    delta2 = np.multiply(y - target, y - y**2) / x.shape[0]
    share = np.outer(delta2, W2)
    W2 = W2 - lr * np.einsum("no,nh->oh", delta2, a1)
    delta1 = share * (a1 - a1**2)
    W1 = W1 - lr * sum(np.outer(d, row) for d, row in zip(delta1, x))
    return {"W1": W1, "W2": W2, "delta1": delta1, "delta2": delta2.tolist(), "y": y, "a1": a1}

# %% exercise="7.8" wrong="the line has the slope but not the height, and the easy rows keep their weight" says="The line with both"
def huber(error, limit=1.0):
    near = np.abs(error) <= limit
    return np.where(near, 0.5 * error**2, limit * np.abs(error)), np.clip(error, -limit, limit)

def focal(z, y, gamma=2.0):
    sign = 2 * y - 1
    surprise = np.logaddexp(0, -sign * z)
    wrong = np.exp(-np.logaddexp(0, sign * z))
    return wrong**gamma * surprise, -sign * wrong ** (gamma + 1)

# %% exercise="7.8" wrong="the slope of class 0 has the sign of class 1" says="minus that with respect to m"
def huber(error, limit=1.0):
    near = np.clip(error, -limit, limit)
    return near * (error - 0.5 * near), near

def focal(z, y, gamma=2.0):
    m = (2 * y - 1) * z
    surprise = np.logaddexp(0, -m)
    wrong = np.exp(-np.logaddexp(0, m))
    return wrong**gamma * surprise, -(wrong**gamma) * (wrong + gamma * (1 - wrong) * surprise)

# %% exercise="7.8" wrong="the logarithm of a probability that is 0, and a Huber slope without its sign" says="softplus"
def huber(error, limit=1.0):
    size = np.abs(error)
    values = np.where(size <= limit, 0.5 * error**2, limit * (size - 0.5 * limit))
    return values, np.minimum(size, limit)

def focal(z, y, gamma=2.0):
    p = np.where(y == 1, sigmoid(z), 1 - sigmoid(z))
    with np.errstate(all="ignore"):
        values = -((1 - p) ** gamma) * np.log(p)
        slope = (1 - p) ** gamma * (gamma * p * np.log(p) + p - 1)
    return values, np.where(y == 1, slope, -slope)

# %% exercise="7.8" wrong="the two terms of the product rule get different signs" says="both have the same sign"
def huber(error, limit=1.0):
    near = np.clip(error, -limit, limit)
    return near * (error - 0.5 * near), near

def focal(z, y, gamma=2.0):
    sign = 2 * y - 1
    surprise = np.logaddexp(0, -sign * z)
    wrong = np.exp(-np.logaddexp(0, sign * z))
    slope = -(wrong**gamma) * (wrong - gamma * (1 - wrong) * surprise)
    return wrong**gamma * surprise, sign * slope

# %% exercise="7.8" right="number by number"
def huber(error, limit=1.0):
    pairs = []
    for e in error:
        if e > limit:
            pairs.append((limit * e - limit**2 / 2, limit))
        elif e < -limit:
            pairs.append((-limit * e - limit**2 / 2, -limit))
        else:
            pairs.append((e * e / 2, e))
    return [value for value, _ in pairs], [slope for _, slope in pairs]

def focal(z, y, gamma=2.0):
    values, slopes = [], []
    for score, label in zip(z, y):
        m = score if label else -score
        s = max(-m, 0) + np.log1p(np.exp(-abs(m)))
        q = sigmoid(-m)
        values.append(q**gamma * s)
        slope = -(q ** (gamma + 1)) - gamma * q**gamma * (1 - q) * s
        slopes.append(slope if label else -slope)
    return np.array(values), np.array(slopes)

# %% exercise="7.9" wrong="orders alone, and the bias does not get the constant" says="two signs for every unit"
def twins(W1, b1, W2, b2):
    import itertools

    return [(W1[list(o)], b1[list(o)], W2[:, list(o)], b2)
            for o in itertools.permutations(range(len(b1)))]

def turned(W1, b1, W2, b2, unit):
    W1, b1, W2 = W1.copy(), b1.copy(), W2.copy()
    W1[unit] *= -1
    b1[unit] *= -1
    W2[:, unit] *= -1
    return W1, b1, W2, b2

# %% exercise="7.9" wrong="the bias of a turned unit stays, and the constant is taken away" says="they move together"
def twins(W1, b1, W2, b2):
    import itertools

    found = []
    for order in map(list, itertools.permutations(range(len(b1)))):
        for signs in itertools.product((1, -1), repeat=len(b1)):
            s = np.array(signs)
            found.append((s[:, None] * W1[order], b1[order], W2[:, order] * s, b2))
    return found

def turned(W1, b1, W2, b2, unit):
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2 - W2[:, unit]
    W1[unit] *= -1
    b1[unit] *= -1
    W2[:, unit] *= -1
    return W1, b1, W2, b2

# %% exercise="7.9" wrong="the columns of W2 keep their order, and the arrays that came are changed" says="Copy before"
def twins(W1, b1, W2, b2):
    import itertools

    found = []
    for order in map(list, itertools.permutations(range(len(b1)))):
        for signs in itertools.product((1, -1), repeat=len(b1)):
            s = np.array(signs)
            found.append((s[:, None] * W1[order], s * b1[order], W2 * s, b2))
    return found

def turned(W1, b1, W2, b2, unit):
    W1[unit] *= -1
    b1[unit] *= -1
    b2 += W2[:, unit]
    W2[:, unit] *= -1
    return W1, b1, W2, b2

# %% exercise="7.9" wrong="all signs are turned at once, and the weights behind a turned sigmoid are left" says="two signs for every unit"
def twins(W1, b1, W2, b2):
    import itertools

    return [(s * W1[list(o)], s * b1[list(o)], s * W2[:, list(o)], b2)
            for o in itertools.permutations(range(len(b1))) for s in (1, -1)]

def turned(W1, b1, W2, b2, unit):
    W1, b1 = W1.copy(), b1.copy()
    W1[unit] *= -1
    b1[unit] *= -1
    return W1, b1, W2, b2 + W2[:, unit]

# %% exercise="7.9" right="matrices that permute and turn"
def twins(W1, b1, W2, b2):
    H, found = len(b1), []
    for places in np.ndindex(*[H] * H):
        if len(set(places)) < H:
            continue
        for signs in range(2**H):
            M = np.zeros((H, H))
            for row, place in enumerate(places):
                M[row, place] = 1 if signs >> row & 1 else -1
            found.append([M @ W1, M @ b1, W2 @ M.T, b2.tolist()])
    return found

def turned(W1, b1, W2, b2, unit):
    s = np.where(np.arange(len(b1)) == unit, -1.0, 1.0)
    return [W1 * s[:, None], b1 * s, W2 * s, b2 + W2 @ (s < 0)]

# %% exercise="7.11" wrong="a ReLU, which adapts to nothing" says="as good as dead"
class Adaptive(nn.Module):
    def forward(self, x):
        return F.relu(x)

# %% exercise="7.11" wrong="a learnt slope below zero alone, which comes too late" says="divide by its spread"
class Adaptive(nn.Module):
    def __init__(self):
        super().__init__()
        self.alpha = nn.Parameter(np.array(0.25))

    def forward(self, x):
        return F.relu(x) - self.alpha * F.relu(-x)

# %% exercise="7.11" right="one size for the whole layer, and no learnt number"
class Adaptive(nn.Module):
    def forward(self, x):
        return F.relu(x / ((x * x).mean() + 1e-8).sqrt())

# %% exercise="7.12" wrong="the slope of tanh is taken at its output twice over" says="not at the output"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        out = np.tanh(x)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        (out,) = ctx.saved
        return grad_out * (1 - np.tanh(out) ** 2)

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" wrong="a straight line" says="A straight line is no bend"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        return 0.7 * x + 0.2

    @staticmethod
    def backward(ctx, grad_out):
        return 0.7 * grad_out

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" wrong="the blame is not handed on" says="grad_out times the slope"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save(x)
        return np.sin(x)

    @staticmethod
    def backward(ctx, grad_out):
        (x,) = ctx.saved
        return np.cos(x)

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" wrong="it looks at the whole array" says="Work entry by entry"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save(x, x.mean())
        return np.maximum(x - x.mean(), 0)

    @staticmethod
    def backward(ctx, grad_out):
        x, mean = ctx.saved
        return grad_out * (x > mean)

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" wrong="exponentials that overflow" says="infinity times 0"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        with np.errstate(all="ignore"):
            s = np.exp(x) / (1 + np.exp(x))
        ctx.save(x, s)
        return x * s

    @staticmethod
    def backward(ctx, grad_out):
        x, s = ctx.saved
        return grad_out * (s + x * s * (1 - s))

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" wrong="a ReLU, right in all and a little short of 99 %" says="round the corner"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save(x > 0)
        return np.maximum(x, 0)

    @staticmethod
    def backward(ctx, grad_out):
        (on,) = ctx.saved
        return grad_out * on

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError

# %% exercise="7.12" right="a wave, and a tuple with one share"
class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save(np.cos(x))
        return np.sin(x)

    @staticmethod
    def backward(ctx, grad_out):
        return (grad_out * ctx.saved[0],)

    @staticmethod
    def jvp(ctx, dx):
        return dx * ctx.saved[0]

# %% exercise="7.12" right="Swish by a helper beside the class"
def gate(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)

class Activation(dl.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save(x)
        return x * gate(x)

    @staticmethod
    def backward(ctx, grad_out):
        (x,) = ctx.saved
        return grad_out * (gate(x) + x * gate(x) * gate(-x))

    @staticmethod
    def jvp(ctx, dx):
        raise NotImplementedError
