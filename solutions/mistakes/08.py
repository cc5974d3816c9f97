# %% [markdown]
# Answers to the exercises of chapter 8: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="8.1" wrong="the rate is multiplied by the slope, as in plain descent" says="What is left of the quotient"
answer_8_1 = 0.42

# %% exercise="8.1" wrong="a step with the slope instead of against it" says="against the slope"
answer_8_1 = -0.6

# %% exercise="8.1" wrong="the way is given, and not the place" says="mind the sign"
answer_8_1 = 1

# %% exercise="8.1" right="a float, computed"
answer_8_1 = 0.4 + 1000 * 0.001

# %% exercise="8.2" wrong="the rate is thought to act at once, as outside the velocity" says="settled at"
answer_8_2 = {"late": "A", "batch": "D", "tries": "B"}

# %% exercise="8.2" wrong="the sum is taken for the mean, or the wrong way round" says="128 times the mean"
answer_8_2 = {"late": "B", "batch": "A", "tries": "B"}

# %% exercise="8.2" wrong="one in twenty is taken for twenty tries" says="all miss"
answer_8_2 = {"late": "B", "batch": "D", "tries": "A"}

# %% exercise="8.2" wrong="all three missed" says="0.95 to the power"
answer_8_2 = {"late": "D", "batch": "B", "tries": "D"}

# %% exercise="8.2" right="small letters and blanks, in another order"
answer_8_2 = {"tries": " b", "late": "b ", "batch": "d"}

# %% exercise="8.3" wrong="the line that ends in the middle is taken for that of He" says="about where it began"
answer_8_3 = {"he": "2", "halves": "B", "back": "B"}

# %% exercise="8.3" wrong="the half of ReLU is forgotten" says="ReLU keeps half"
answer_8_3 = {"he": "4", "halves": "C", "back": "B"}

# %% exercise="8.3" wrong="slopes are thought to make up for small values" says="same bends"
answer_8_3 = {"he": "4", "halves": "B", "back": "C"}

# %% exercise="8.3" wrong="slopes are thought to know nothing of the weights" says="factor of one layer"
answer_8_3 = {"he": 4, "halves": "A", "back": "A"}

# %% exercise="8.3" right="a number for the line, small letters"
answer_8_3 = {"he": 4, "halves": "b", "back": " b "}

# %% exercise="8.4" wrong="variances and not standard deviations" says="root of a variance"
def spread(n_in, n_out, a):
    gain = 2 / (1 + a ** 2)
    return gain / n_in, gain / n_out

# %% exercise="8.4" wrong="forward and back are exchanged" says="order of the two"
def spread(n_in, n_out, a):
    gain = np.sqrt(2 / (1 + a ** 2))
    return gain / np.sqrt(n_out), gain / np.sqrt(n_in)

# %% exercise="8.4" wrong="the mean of the slopes, and not of their squares" says="mean of the *square*"
def spread(n_in, n_out, a):
    gain = 2 / (1 + a)
    return gain / np.sqrt(n_in), gain / np.sqrt(n_out)

# %% exercise="8.4" wrong="the one of ReLU for all" says="mean of the *square*"
def spread(n_in, n_out, a):
    return np.sqrt(2 / n_in), np.sqrt(2 / n_out)

# %% exercise="8.4" wrong="Glorot in place of both" says="counts the inputs"
def spread(n_in, n_out, a):
    both = np.sqrt(4 / ((1 + a ** 2) * (n_in + n_out)))
    return both, both

# %% exercise="8.4" right="a list, from variances"
def spread(n_in, n_out, a):
    kept = (1.0 + a * a) / 2
    return [(kept * n) ** -0.5 for n in (n_in, n_out)]

# %% exercise="8.5" wrong="beyond delta the slope is one, and not delta" says="held between -delta and delta"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * (np.abs(error) - delta / 2)
    return np.where(inside, error ** 2 / 2, outer), np.where(inside, error, np.sign(error))

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * (gamma * p * loss + q)

# %% exercise="8.5" wrong="the two branches of Huber do not meet" says="Both branches meet"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * np.abs(error)
    return np.where(inside, error ** 2 / 2, outer), np.clip(error, -delta, delta)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * (gamma * p * loss + q)

# %% exercise="8.5" wrong="the power is not differentiated" says="product rule"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * (np.abs(error) - delta / 2)
    return np.where(inside, error ** 2 / 2, outer), np.clip(error, -delta, delta)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * q

# %% exercise="8.5" wrong="the slope with respect to s is left as it is" says="multiply by 2y - 1"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * (np.abs(error) - delta / 2)
    return np.where(inside, error ** 2 / 2, outer), np.clip(error, -delta, delta)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -q ** gamma * (gamma * p * loss + q)

# %% exercise="8.5" wrong="p to the power of gamma, which plays down the hard ones" says="product rule"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * (np.abs(error) - delta / 2)
    return np.where(inside, error ** 2 / 2, outer), np.clip(error, -delta, delta)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return p ** gamma * loss, sign * p ** gamma * q * (gamma * loss - 1)

# %% exercise="8.5" wrong="a logarithm of a probability" says="without overflow"
def huber(error, delta):
    inside = np.abs(error) <= delta
    outer = delta * (np.abs(error) - delta / 2)
    return np.where(inside, error ** 2 / 2, outer), np.clip(error, -delta, delta)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = -np.log(1 / (1 + np.exp(-sign * score)))
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * (gamma * p * loss + q)

# %% exercise="8.5" wrong="one number for all, a mean" says="held between -delta and delta"
def huber(error, delta):
    small = np.minimum(np.abs(error), delta)
    losses = small * (np.abs(error) - small / 2)
    return losses.mean(), np.clip(error, -delta, delta) / error.size

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * (gamma * p * loss + q)

# %% exercise="8.5" right="loops over entries, and another form of Huber"
def each(rule, *arrays):
    arrays = np.broadcast_arrays(*arrays)
    found = np.array([rule(*map(float, entries)) for entries in zip(*map(np.ravel, arrays))])
    return found[:, 0].reshape(arrays[0].shape), found[:, 1].reshape(arrays[0].shape)

def huber(error, delta):
    def one(e):
        if e > delta:
            return delta * e - delta * delta / 2, delta
        if e < -delta:
            return -delta * e - delta * delta / 2, -delta
        return e * e / 2, e
    return each(one, np.asarray(error))

def focal(score, y, gamma):
    def one(z, truth):
        s = z if truth == 1 else -z
        minus_log = max(-s, 0.0) + np.log1p(np.exp(-abs(s)))
        q = np.exp(-max(s, 0.0) - np.log1p(np.exp(-abs(s))))
        slope = -(q ** gamma) * (q + gamma * (1 - q) * minus_log)
        return q ** gamma * minus_log, slope if truth == 1 else -slope
    return each(one, score, y)

# %% exercise="8.5" right="smaller of the two in Huber"
def huber(error, delta):
    small = np.minimum(np.abs(error), delta)
    return small * np.abs(error) - small ** 2 / 2, small * np.sign(error)

def focal(score, y, gamma):
    sign = 2 * y - 1
    loss = np.logaddexp(0, -sign * score)                 # -log p
    p, q = np.exp(-loss), np.exp(-np.logaddexp(0, sign * score))
    return q ** gamma * loss, -sign * q ** gamma * (gamma * p * loss + q)

# %% exercise="8.6" wrong="the step is clipped, and not the rate" says="not the step"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g ** 2
        corrections = np.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        step = np.clip(lr * corrections * m / (np.sqrt(v) + eps), low, high)
        place = place - step
        path.append(place)
    return np.array(path)

# %% exercise="8.6" wrong="the corrections are left out" says="corrections of both means"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g ** 2
        corrections = 1.0
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        rate = np.clip(lr * corrections / (np.sqrt(v) + eps), low, high)
        place = place - rate * m
        path.append(place)
    return np.array(path)

# %% exercise="8.6" wrong="the first step has t = 0" says="t = 1"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=0):
        t = max(t, 1e-12)
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g ** 2
        corrections = np.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        rate = np.clip(lr * corrections / (np.sqrt(v) + eps), low, high)
        place = place - rate * m
        path.append(place)
    return np.array(path)

# %% exercise="8.6" wrong="the bounds are exchanged" says="Clip the rate"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g ** 2
        corrections = np.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        rate = np.clip(lr * corrections / (np.sqrt(v) + eps), high, low)
        place = place - rate * m
        path.append(place)
    return np.array(path)

# %% exercise="8.6" wrong="the second mean is of m" says="in front"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * m ** 2
        corrections = np.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        rate = np.clip(lr * corrections / (np.sqrt(v) + eps), low, high)
        place = place - rate * m
        path.append(place)
    return np.array(path)

# %% exercise="8.6" wrong="the start is counted as a place, and the last left out" says="The first step"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    place, m, v, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g ** 2
        corrections = np.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        low = final_lr * (1 - 1 / (gamma * t + 1))
        high = final_lr * (1 + 1 / (gamma * t))
        rate = np.clip(lr * corrections / (np.sqrt(v) + eps), low, high)
        place = place - rate * m
        path.append(place)
    return np.array([0.0] + path[:-1])

# %% exercise="8.6" right="corrected means first, a list, minimum and maximum"
def adabound_path(gradients, lr=0.001, final_lr=0.1, gamma=0.001,
                  beta_1=0.9, beta_2=0.999, eps=1e-8):
    means, squares, path = [0.0], [0.0], [0.0]
    for g in gradients:
        t = len(path)
        means.append(means[-1] * beta_1 + g - g * beta_1)
        squares.append(squares[-1] * beta_2 + g * g - g * g * beta_2)
        rate = lr * (1 - beta_2 ** t) ** 0.5 / (1 - beta_1 ** t) / (squares[-1] ** 0.5 + eps)
        rate = max(rate, final_lr * gamma * t / (gamma * t + 1))
        rate = min(rate, final_lr * (gamma * t + 1) / (gamma * t))
        path.append(path[-1] - rate * means[-1])
    return path[1:]

# %% exercise="8.7" wrong="the array that came moves along" says="would change the array"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (np.sqrt(v) + 1e-8)
        else:
            v = 0.9 * v + g
            step = v if name == "momentum" else g + 0.9 * v
        w -= lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 150))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return min(RATES, key=mean_loss)

# %% exercise="8.7" wrong="Nesterov steps with the old velocity" says="with the new v"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (np.sqrt(v) + 1e-8)
        else:
            v = 0.9 * v + g
            step = v if name == "momentum" else v + 0.9 * g
        w = w - lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 150))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return min(RATES, key=mean_loss)

# %% exercise="8.7" wrong="the new slope is damped, as in a mean" says="Update the memory first"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (np.sqrt(v) + 1e-8)
        else:
            v = 0.9 * v + 0.1 * g
            step = v if name == "momentum" else g + 0.9 * v
        w = w - lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 150))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return min(RATES, key=mean_loss)

# %% exercise="8.7" wrong="RMSprop divides by the mean of squares, without the root" says="divides by the root"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (v + 1e-8)
        else:
            v = 0.9 * v + g
            step = v if name == "momentum" else g + 0.9 * v
        w = w - lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 150))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return min(RATES, key=mean_loss)

# %% exercise="8.7" wrong="the loss after a few steps decides" says="after all 150 steps"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (np.sqrt(v) + 1e-8)
        else:
            v = 0.9 * v + g
            step = v if name == "momentum" else g + 0.9 * v
        w = w - lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 6))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return min(RATES, key=mean_loss)

# %% exercise="8.7" wrong="the place of the rate is returned, and not the rate" says="not its place"
def descend(name, slope, w, lr, steps):
    v = np.zeros_like(w)                 # of slopes, or of their squares
    for _ in range(steps):
        g = slope(w)
        if name == "plain":
            step = g
        elif name == "RMSprop":
            v = 0.9 * v + 0.1 * g ** 2
            step = g / (np.sqrt(v) + 1e-8)
        else:
            v = 0.9 * v + g
            step = v if name == "momentum" else g + 0.9 * v
        w = w - lr * step
    return w

def tuned(name):
    def mean_loss(lr):
        losses = [loss_at(descend(name, slope_at, start(seed), lr, 150))
                  for seed in range(3)]
        return np.mean(losses) if np.all(np.isfinite(losses)) else np.inf
    return RATES.index(min(RATES, key=mean_loss))

# %% exercise="8.7" right="a table of all losses, and one function a rule"
def momentum(g, memory):
    memory["v"] = memory.get("v", 0) * 0.9 + g
    return memory["v"]

def rmsprop(g, memory):
    memory["s"] = 0.9 * memory.get("s", 0) + (1 - 0.9) * np.square(g)
    return g / (memory["s"] ** 0.5 + 1e-8)

RULES_OF_MINE = {"plain": lambda g, memory: g, "momentum": momentum, "RMSprop": rmsprop,
                 "Nesterov": lambda g, memory: g + 0.9 * momentum(g, memory)}

def descend(name, slope, w, lr, steps):
    memory, w = {}, w.copy()
    for _ in range(steps):
        w -= lr * RULES_OF_MINE[name](slope(w), memory)
    return w.tolist() if len(w) == 2 else w

def tuned(name):
    table = np.array([[loss_at(descend(name, slope_at, start(seed), lr, 150))
                       for seed in (0, 1, 2)] for lr in RATES])
    return np.array(RATES)[np.nan_to_num(table, nan=np.inf).sum(axis=1).argmin()]

# %% exercise="8.8" wrong="only the weights are mended" says="What does lr hold"
def first_weights(rng, hidden=4):
    return {"W1": rng.normal(0, 3 ** -0.5, (hidden, 3)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, hidden ** -0.5, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    found = []
    for i in range(steps):
        lr = lr / (1 + decay * i)
        found.append(lr)
    return found

# %% exercise="8.8" wrong="only the rates are mended" says="Units that begin alike"
def first_weights(rng, hidden=4):
    return {"W1": np.full((hidden, 3), 0.5), "b1": np.zeros(hidden),
            "W2": np.full((1, hidden), 0.5), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return [lr / (1 + decay * i) for i in range(steps)]

# %% exercise="8.8" wrong="the variance is taken for the standard deviation" says="standard deviation of n"
def first_weights(rng, hidden=4):
    return {"W1": rng.normal(0, 1 / 3, (hidden, 3)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, 1 / hidden, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return [lr / (1 + decay * i) for i in range(steps)]

# %% exercise="8.8" wrong="W2 counts its outputs, or the inputs of W1" says="inputs of the layer"
def first_weights(rng, hidden=4):
    return {"W1": rng.normal(0, 3 ** -0.5, (hidden, 3)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, 3 ** -0.5, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return [lr / (1 + decay * i) for i in range(steps)]

# %% exercise="8.8" wrong="one row is drawn for all units" says="Units that begin alike"
def first_weights(rng, hidden=4):
    return {"W1": np.tile(rng.normal(0, 3 ** -0.5, 3), (hidden, 1)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, hidden ** -0.5, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return [lr / (1 + decay * i) for i in range(steps)]

# %% exercise="8.8" wrong="the rates begin with step 1" says="rate of the beginning"
def first_weights(rng, hidden=4):
    return {"W1": rng.normal(0, 3 ** -0.5, (hidden, 3)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, hidden ** -0.5, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return [lr / (1 + decay * i) for i in range(1, steps + 1)]

# %% exercise="8.8" right="standard normal draws that are scaled, and a generator of rates"
def first_weights(rng, hidden=4):
    first = rng.normal(size=(hidden, 3)) / np.sqrt(3)
    second = rng.normal(size=(1, hidden)) / np.sqrt(hidden)
    return dict(W1=first.tolist(), b1=[0.0] * hidden, W2=second, b2=[0])

def rates(lr, decay, steps):
    for i in range(steps):
        yield lr / (1 + decay * i)

# %% exercise="8.8" right="all rates in one array"
def first_weights(rng, hidden=4):
    return {"W1": rng.normal(0, 3 ** -0.5, (hidden, 3)), "b1": np.zeros(hidden),
            "W2": rng.normal(0, hidden ** -0.5, (1, hidden)), "b2": np.zeros(1)}

def rates(lr, decay, steps):
    return lr / (1 + decay * np.arange(steps))

# %% exercise="8.9" wrong="the warm-up begins at zero" says="Take the warm-up off"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * step / warm
    k, n = step - warm, first
    if factor == 1:
        k = k % n
    while k >= n:
        k, n = k - n, n * factor
    return bottom + (top - bottom) * (1 + np.cos(np.pi * k / n)) / 2

# %% exercise="8.9" wrong="each round ends at bottom" says="not by n - 1"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * (step + 1) / warm
    k, n = step - warm, first
    if factor == 1:
        k = k % n
    while k >= n:
        k, n = k - n, n * factor
    return bottom + (top - bottom) * (1 + np.cos(np.pi * k / max(n - 1, 1))) / 2

# %% exercise="8.9" wrong="the first step of a round belongs to the one before" says="the next round has begun"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * (step + 1) / warm
    k, n = step - warm, first
    if factor == 1:
        k = k % n
    while k > n:
        k, n = k - n, n * factor
    return bottom + (top - bottom) * (1 + np.cos(np.pi * k / n)) / 2

# %% exercise="8.9" wrong="a function that calls itself once a round" says="remainder of a division"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * (step + 1) / warm
    k = step - warm
    if k >= first:
        return rate(k - first, 0, first * factor, factor, top, bottom)
    return bottom + (top - bottom) * (1 + np.cos(np.pi * k / first)) / 2

# %% exercise="8.9" wrong="rounds are counted from the beginning of the warm-up" says="Take the warm-up off first"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * (step + 1) / warm
    k, n = step, first
    if factor == 1:
        k = k % n
    while k >= n:
        k, n = k - n, n * factor
    return bottom + (top - bottom) * (1 + np.cos(np.pi * k / n)) / 2

# %% exercise="8.9" wrong="each round begins at bottom" says="Take the warm-up off first"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top * (step + 1) / warm
    k, n = step - warm, first
    if factor == 1:
        k = k % n
    while k >= n:
        k, n = k - n, n * factor
    return bottom + (top - bottom) * (1 - np.cos(np.pi * k / n)) / 2

# %% exercise="8.9" right="the edges of all rounds, one after another"
def rate(step, warm, first, factor, top, bottom):
    if step < warm:
        return top / warm * (step + 1)
    begin, end = warm, warm + first
    if factor == 1:
        rounds = (step - warm) // first
        begin, end = begin + rounds * first, end + rounds * first
    while step >= end:
        begin, end = end, end + factor * (end - begin)
    part = (step - begin) / (end - begin)
    return bottom + (top - bottom) * np.cos(np.pi * part / 2) ** 2

# %% exercise="8.10" wrong="runs begin anew in each round" says="what it has learnt must not be lost"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: begin(setting).more(steps) for setting in runs}
        kept = sorted(losses, key=losses.get)[:(len(runs) + 1) // 2]
        runs = {setting: runs[setting] for setting in kept}
        steps *= 2
    return next(iter(runs))

# %% exercise="8.10" wrong="an odd number is rounded down" says="(n + 1) // 2 stay"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: run.more(steps) for setting, run in runs.items()}
        kept = sorted(losses, key=losses.get)[:max(len(runs) // 2, 1)]
        runs = {setting: runs[setting] for setting in kept}
        steps *= 2
    return next(iter(runs))

# %% exercise="8.10" wrong="the worse half stay" says="The lowest loss is the best"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: run.more(steps) for setting, run in runs.items()}
        kept = sorted(losses, key=losses.get, reverse=True)[:(len(runs) + 1) // 2]
        runs = {setting: runs[setting] for setting in kept}
        steps *= 2
    return next(iter(runs))

# %% exercise="8.10" wrong="each round has as many steps as the first" says="go on with it"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: run.more(steps) for setting, run in runs.items()}
        kept = sorted(losses, key=losses.get)[:(len(runs) + 1) // 2]
        runs = {setting: runs[setting] for setting in kept}
    return next(iter(runs))

# %% exercise="8.10" wrong="the steps of a round are counted from the beginning" says="go on with it"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: run.more(steps) for setting, run in runs.items()}
        kept = sorted(losses, key=losses.get)[:(len(runs) + 1) // 2]
        runs = {setting: runs[setting] for setting in kept}
        steps += first
    return next(iter(runs))

# %% exercise="8.10" wrong="the last one left gets further steps" says="returned at once"
def halve(settings, begin, first):
    runs = {setting: begin(setting) for setting in settings}
    steps = first
    while len(runs) > 1:
        losses = {setting: run.more(steps) for setting, run in runs.items()}
        kept = sorted(losses, key=losses.get)[:(len(runs) + 1) // 2]
        runs = {setting: runs[setting] for setting in kept}
        steps *= 2
    next(iter(runs.values())).more(steps)
    return next(iter(runs))

# %% exercise="8.10" right="pairs in a list, and a function that calls itself"
def halve(settings, begin, first):
    return go_on([(setting, begin(setting)) for setting in settings], first)

def go_on(pairs, steps):
    if len(pairs) == 1:
        return pairs[0][0]
    order = np.argsort([run.more(steps) for _, run in pairs])
    return go_on([pairs[i] for i in order[:-(-len(pairs) // 2)]], 2 * steps)

# %% exercise="8.12" wrong="squared error, with a well-tuned rate" says="the loss comes first"
def tune(attempt, rng):
    found = []
    for _ in range(24):
        setting = {"delta": np.inf,
                   "rule": str(rng.choice(["momentum", "Adam", "AdaBound"])),
                   "lr": 10 ** rng.uniform(-2.5, -0.5)}
        found.append((attempt(setting), len(found), setting))
    return min(found)[2]

# %% exercise="8.12" wrong="delta is left at 1, with Adam" says="Where between them should delta lie"
def tune(attempt, rng):
    found = []
    for _ in range(24):
        setting = {"delta": 1.0,
                   "rule": "momentum",
                   "lr": 10 ** rng.uniform(-2.5, -0.5)}
        found.append((attempt(setting), len(found), setting))
    return min(found)[2]

# %% exercise="8.12" wrong="the worst of all is returned" says="the loss comes first"
def tune(attempt, rng):
    found = []
    for _ in range(24):
        setting = {"delta": 10 ** rng.uniform(-1.3, 0.5),
                   "rule": str(rng.choice(["momentum", "Adam", "AdaBound"])),
                   "lr": 10 ** rng.uniform(-2.5, -0.5)}
        found.append((attempt(setting), len(found), setting))
    return max(found)[2]

# %% exercise="8.12" wrong="a grid that goes on after the last training" says="the loss comes first"
def tune(attempt, rng):
    found = []
    for _ in range(30):
        setting = {"delta": 10 ** rng.uniform(-1.3, 0.5),
                   "rule": str(rng.choice(["momentum", "Adam", "AdaBound"])),
                   "lr": 10 ** rng.uniform(-2.5, -0.5)}
        found.append((attempt(setting), len(found), setting))
    return min(found)[2]

# %% exercise="8.12" wrong="a first guess, and no search" says="Use all 24 trainings"
def tune(attempt, rng):
    return {"delta": 0.5, "rule": "momentum", "lr": 0.05}

# %% exercise="8.12" right="a grid for Adam, coarse and then fine"
def tune(attempt, rng):
    found = {}
    def look(delta, lr):
        if len(found) < 24 and (delta, lr) not in found:
            found[delta, lr] = attempt({"delta": delta, "rule": "Adam", "lr": lr})
    for delta in (0.05, 0.2, 0.8):
        for lr in (0.003, 0.01, 0.03, 0.1):
            look(delta, lr)
    delta, lr = min(found, key=found.get)
    for more in (0.5, 0.7, 1.4, 2.0):
        look(delta * more, lr)
        look(delta, lr * more)
    delta, lr = min(found, key=found.get)
    return {"lr": lr, "delta": delta, "rule": "Adam"}

# %% exercise="8.13" wrong="means that begin anew at each step: sign descent" says="live on from step to step"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps = 1
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="the power is missing from the corrections" says="to the power of t"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first)
            v = square / (1 - second)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="the decay enters the slopes, as an L2 penalty does" says="divided by the root"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            g = p.grad + self.weight_decay * p.data
            mean += (1 - first) * (g - mean)
            square += (1 - second) * (g ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="the decay is not multiplied by the rate" says="1 - lr * weight_decay"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="a generator is gone through twice" says="keep a list"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = parameters, lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="t is counted once for each parameter" says="not once a parameter"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            self.steps += 1
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="the rate of the beginning is kept" says="The rate is read anew"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.first_lr = lr
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.first_lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="eps inside the root" says="eps is added to the root"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / np.sqrt(v + self.eps)

# %% exercise="8.13" wrong="the memory is shared by all optimisers of the class" says="the memory is made in __init__"
class AdamW:
    steps = 0
    kept = {}

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay = eps, weight_decay
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        AdamW.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="where no slope came, zero is taken for it" says="do not even shrink"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                p.grad = dl.tensor(np.zeros_like(p.data))
            mean += (1 - first) * (p.grad - mean)
            square += (1 - second) * (p.grad ** 2 - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" wrong="the slope is squared in place" says="live on from step to step"
class AdamW:
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.parameters, self.lr, self.betas = list(parameters), lr, betas
        self.eps, self.weight_decay, self.steps = eps, weight_decay, 0
        self.means = [np.zeros_like(p.data) for p in self.parameters]
        self.squares = [np.zeros_like(p.data) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.steps += 1
        first, second = self.betas
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            mean += (1 - first) * (p.grad - mean)
            slope = p.grad
            slope *= slope
            square += (1 - second) * (slope - square)
            m = mean / (1 - first ** self.steps)
            v = square / (1 - second ** self.steps)
            p.data = p.data * (1 - self.lr * self.weight_decay)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)

# %% exercise="8.13" right="a dictionary of memories, filled as parameters come, and in place"
class AdamW:
    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        self.parameters = [*parameters]
        self.lr, (self.beta_1, self.beta_2) = lr, betas
        self.eps, self.weight_decay, self.t, self.memory = eps, weight_decay, 0, {}

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    def step(self):
        self.t = self.t + 1
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.move(i, parameter, parameter.grad)

    def move(self, i, parameter, g):
        m, v = self.memory.get(i, (0.0, 0.0))
        m, v = self.beta_1 * m + (1 - self.beta_1) * g, self.beta_2 * v + (1 - self.beta_2) * g * g
        self.memory[i] = m, v
        root = (1 - self.beta_2 ** self.t) ** 0.5
        step = m * root / (1 - self.beta_1 ** self.t) / (v ** 0.5 + self.eps * root)
        parameter.data -= self.lr * self.weight_decay * parameter.data + self.lr * step
