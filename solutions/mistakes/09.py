# %% [markdown]
# Answers to the exercises of chapter 9: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="9.1" wrong="the two shares are taken for shares of different pictures" says="say nothing about which"
answer_9_1 = 0.015 / np.sqrt(0.88 * 0.12 / 400 + 0.865 * 0.135 / 400)

# %% exercise="9.1" wrong="the spread of one share alone" says="36 others"
answer_9_1 = 0.015 / np.sqrt(0.88 * 0.12 / 400)

# %% exercise="9.1" wrong="the difference in pictures" says="What is the spread"
answer_9_1 = 6

# %% exercise="9.1" wrong="the variance in place of its root" says="spread of that difference"
answer_9_1 = 6 / 36

# %% exercise="9.1" right="the exact paired form, in shares"
answer_9_1 = (0.880 - 0.865) / np.sqrt((36 / 400 - 0.015**2) / 400)

# %% exercise="9.2" wrong="recall is taken for precision, and recall changes" says="flagged in all"
answer_9_2 = {"flagged": "C", "never": "A", "rarer": "A"}

# %% exercise="9.2" wrong="one minus the share of healthy that is flagged" says="flagged in all"
answer_9_2 = {"flagged": "D", "never": "A", "rarer": "B"}

# %% exercise="9.2" wrong="balanced accuracy is taken for accuracy" says="no true positives"
answer_9_2 = {"flagged": "A", "never": "B", "rarer": "C"}

# %% exercise="9.2" wrong="the area is thought to mix the classes" says="one row of the confusion matrix"
answer_9_2 = {"flagged": "A", "never": "A", "rarer": "D"}

# %% exercise="9.2" right="small letters and blanks, in another order"
answer_9_2 = {"rarer": " c", "flagged": "a", "never": "a "}

# %% exercise="9.3" wrong="below the diagonal is taken for worthless" says="changes its sign"
answer_9_3 = {"below": "A", "slanted": "C", "alarms": "A"}

# %% exercise="9.3" wrong="a slanted piece is taken for chance" says="share a score"
answer_9_3 = {"below": "B", "slanted": "D", "alarms": "A"}

# %% exercise="9.3" wrong="few thresholds are taken for few pictures" says="Each different score"
answer_9_3 = {"below": "B", "slanted": "B", "alarms": "A"}

# %% exercise="9.3" wrong="equal areas, so equal everywhere" says="0.05 across"
answer_9_3 = {"below": "B", "slanted": "C", "alarms": "C"}

# %% exercise="9.3" right="small letters"
answer_9_3 = {"alarms": "a", "below": "b", "slanted": "c"}

# %% exercise="9.4" wrong="the variance of the mask without the scaling" says="p/(1-p)"
def expected_error(x, y, w, p):
    return np.mean((y - x @ w) ** 2) + p * (1 - p) * np.sum(w**2 * np.mean(x**2, axis=0))

def expected_slope(x, y, w, p):
    return 2 * x.T @ (x @ w - y) / len(x) + 2 * p * (1 - p) * w * np.mean(x**2, axis=0)

# %% exercise="9.4" wrong="the square of the whole sum, with the cross terms" says="Cross terms"
def expected_error(x, y, w, p):
    return np.mean((y - x @ w) ** 2) + p / (1 - p) * np.mean((x @ w) ** 2)

def expected_slope(x, y, w, p):
    return 2 * x.T @ (x @ w - y) / len(x) + 2 * p / (1 - p) * x.T @ (x @ w) / len(x)

# %% exercise="9.4" wrong="plain L2: all weights alike, and its slope without the two" says="strength of its own"
def expected_error(x, y, w, p):
    return np.mean((y - x @ w) ** 2) + p / (1 - p) * np.sum(w**2)

def expected_slope(x, y, w, p):
    return 2 * x.T @ (x @ w - y) / len(x) + p / (1 - p) * w

# %% exercise="9.4" wrong="the squared mean of an input in place of its mean square" says="mean square of its input"
def expected_error(x, y, w, p):
    return np.mean((y - x @ w) ** 2) + p / (1 - p) * np.sum(w**2 * np.mean(x, axis=0) ** 2)

def expected_slope(x, y, w, p):
    return 2 * x.T @ (x @ w - y) / len(x) + 2 * p / (1 - p) * w * np.mean(x, axis=0) ** 2

# %% exercise="9.4" wrong="right error, but the slope has its sign turned and sums over the rows" says="answer minus truth"
def expected_error(x, y, w, p):
    return np.mean((y - x @ w) ** 2) + p / (1 - p) * np.mean(x**2 @ w**2)

def expected_slope(x, y, w, p):
    return 2 * x.T @ (y - x @ w) + 2 * p / (1 - p) * w * np.sum(x**2, axis=0)

# %% exercise="9.4" right="loops over rows and inputs, and a list"
def expected_error(x, y, w, p):
    total = 0.0
    for row, truth in zip(x, y):
        error = truth - sum(w[j] * row[j] for j in range(len(w)))
        total += error**2 + sum((w[j] * row[j]) ** 2 for j in range(len(w))) * p / (1 - p)
    return total / len(y)

def expected_slope(x, y, w, p):
    slope = [0.0] * len(w)
    for row, truth in zip(x, y):
        for j in range(len(w)):
            pull = p / (1 - p) * w[j] * row[j] ** 2
            slope[j] += 2 / len(y) * ((row @ w - truth) * row[j] + pull)
    return slope

# %% exercise="9.4" right="one matrix: the penalty on the diagonal"
def expected_error(x, y, w, p):
    moments = x.T @ x / len(x)
    moments = moments + np.diag(np.diag(moments)) * p / (1 - p)
    return y @ y / len(y) - 2 * w @ x.T @ y / len(y) + w @ moments @ w

def expected_slope(x, y, w, p):
    moments = x.T @ x / len(x)
    moments = moments + np.diag(np.diag(moments)) * p / (1 - p)
    return 2 * (moments @ w - x.T @ y / len(y))

# %% exercise="9.5" wrong="copied, but the count is never put back" says="new best loss"
def learn(weights, step, loss, patience, epochs=100):
    best, kept, waited = np.inf, weights.copy(), 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        if now < best:
            best, kept = now, weights.copy()
        else:
            waited += 1
        if waited > patience:
            break
    return kept, best

# %% exercise="9.5" wrong="the count is put back, but the array is still the same" says="Keep a copy"
def learn(weights, step, loss, patience, epochs=100):
    best, kept, waited = np.inf, weights, 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        if now < best:
            best, kept, waited = now, weights, 0
        else:
            waited += 1
        if waited > patience:
            break
    return kept, best

# %% exercise="9.5" wrong="it compares with the epoch before, not with the best" says="in a row"
def learn(weights, step, loss, patience, epochs=100):
    best, before, kept, waited = np.inf, np.inf, weights.copy(), 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        waited = 0 if now < before else waited + 1
        if now < best:
            best, kept = now, weights.copy()
        before = now
        if waited > patience:
            break
    return kept, best

# %% exercise="9.5" wrong="an equal loss counts as better" says="an equal one is not"
def learn(weights, step, loss, patience, epochs=100):
    best, kept, waited = np.inf, weights.copy(), 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        if now <= best:
            best, kept, waited = now, weights.copy(), 0
        else:
            waited += 1
        if waited > patience:
            break
    return kept, best

# %% exercise="9.5" wrong="one epoch too many" says="Keep a copy"
def learn(weights, step, loss, patience, epochs=100):
    best, kept, waited = np.inf, weights.copy(), 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        if now < best:
            best, kept, waited = now, weights.copy(), 0
        else:
            waited += 1
        if waited == patience + 2:
            break
    return kept, best

# %% exercise="9.5" wrong="NaN is taken for an improvement" says="NaN"
def learn(weights, step, loss, patience, epochs=100):
    best, kept, waited = np.inf, weights.copy(), 0
    for _ in range(epochs):
        step(weights)
        now = loss(weights)
        if now >= best:
            waited += 1
        else:
            best, kept, waited = now, weights.copy(), 0
        if waited > patience:
            break
    return kept, best

# %% exercise="9.5" right="all losses and all weights kept, as lists"
def learn(weights, step, loss, patience, epochs=100):
    losses, states = [], []
    while len(losses) < epochs:
        step(weights)
        now = loss(weights)
        losses.append(float("inf") if np.isnan(now) else now)
        states.append(list(weights))
        if len(losses) - 1 - losses.index(min(losses)) > patience:
            break
    place = losses.index(min(losses))
    return states[place], losses[place]

# %% exercise="9.6" wrong="what is small is cut off, but what is large is not pulled in" says="v - t"
def shrink(v, t):
    return np.where(np.abs(v) > t, v, 0.0)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = shrink(w - lr * 2 * x.T @ (x @ w - y) / len(x), lr * lam)
    return w

def enough(x, y):
    return np.abs(2 * x.T @ y / len(x)).max()

# %% exercise="9.6" wrong="shrunk by the whole of lam, and half of the slope" says="lr times lam"
def shrink(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = shrink(w - lr * 2 * x.T @ (x @ w - y) / len(x), lam)
    return w

def enough(x, y):
    return np.abs(x.T @ y / len(x)).max()

# %% exercise="9.6" wrong="shrunk once, at the end" says="after each step"
def shrink(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = w - lr * 2 * x.T @ (x @ w - y) / len(x)
    return shrink(w, lam)

def enough(x, y):
    return np.abs(2 * x.T @ y / len(x)).max()

# %% exercise="9.6" wrong="the sign is lost, and the largest slope without its amount" says="The same for w < 0"
def shrink(v, t):
    return np.maximum(np.abs(v) - t, 0)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        step = w - lr * 2 * x.T @ (x @ w - y) / len(x)
        w = np.sign(step) * shrink(step, lr * lam)
    return w

def enough(x, y):
    return (2 * x.T @ y / len(x)).max()

# %% exercise="9.6" wrong="the slope of the sum in place of the mean, at a rate that is small enough" says="2/N"
def shrink(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = shrink(w - lr * 2 * x.T @ (x @ w - y) / 100, lr * lam)
    return w

def enough(x, y):
    return np.abs(2 * x.T @ y).max()

# %% exercise="9.6" right="where, and one coordinate at a time in place of steps"
def shrink(v, t):
    return np.where(v > t, v - t, np.where(v < -t, v + t, 0.0))

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(200):
        for j in range(len(w)):
            rest = y - x @ w + x[:, j] * w[j]
            w[j] = shrink(x[:, j] @ rest, len(x) * lam / 2) / (x[:, j] @ x[:, j])
    return w

def enough(x, y):
    return float(max(abs(2 * np.mean(column * y)) for column in x.T))

# %% exercise="9.6" right="what is left after clipping"
def shrink(v, t):
    return v - np.clip(v, -t, t)

def sparse(x, y, lam, lr=0.1, steps=1000):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        error = y - x @ w
        w = shrink(w + 2 * lr * np.mean(error[:, None] * x, axis=0), lr * lam)
    return w.tolist()

def enough(x, y):
    return np.linalg.norm(2 * x.T @ y / len(y), np.inf)

# %% exercise="9.7" wrong="columns are scaled in place of rows" says="Each *row*"
def folded(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * np.resize(scale, weight.shape[1]), (bias - mean) * scale + beta

# %% exercise="9.7" wrong="the bias is not scaled" says="before the scaling"
def folded(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], bias - mean * scale + beta

# %% exercise="9.7" wrong="eps stands outside the root" says="under the root"
def folded(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return weight * scale[:, None], (bias - mean) * scale + beta

# %% exercise="9.7" wrong="the variance without its root" says="under the root"
def folded(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return weight * scale[:, None], (bias - mean) * scale + beta

# %% exercise="9.7" wrong="right, but the arrays that came are changed" says="the variance, not its square"
def folded(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    weight *= scale[:, None]
    bias -= mean
    bias *= scale
    bias += beta
    return weight, bias

# %% exercise="9.7" right="a diagonal matrix, and the bias as the answer to zero"
def folded(weight, bias, gamma, beta, mean, var, eps):
    def norm(z):
        return gamma * (z - mean) / np.sqrt(var + eps) + beta

    return np.diag(gamma / np.sqrt(var + eps)) @ weight, norm(bias)

# %% exercise="9.7" right="a loop over the outputs, and lists that became arrays"
def folded(weight, bias, gamma, beta, mean, var, eps):
    rows, shifts = [], []
    for k in range(len(bias)):
        s = gamma[k] * (var[k] + eps) ** -0.5
        rows.append([s * w for w in weight[k]])
        shifts.append(s * bias[k] - s * mean[k] + beta[k])
    return np.array(rows), np.array(shifts)

# %% exercise="9.8" wrong="the two costs are swapped, and half is the threshold" says="silence costs"
def from_chance(miss, alarm):
    return miss / (alarm + miss)

def cheapest(y, score, miss, alarm):
    return 0.5

# %% exercise="9.8" wrong="the odds in place of the chance, and an alarm for all is never tried" says="Where are they equal"
def from_chance(miss, alarm):
    return alarm / miss

def cheapest(y, score, miss, alarm):
    return min(score, key=lambda t: cost(y, score, t, miss, alarm)[0])

# %% exercise="9.8" wrong="the fewest mistakes in place of the lowest cost" says="add up the costs"
def from_chance(miss, alarm):
    return alarm / (alarm + miss)

def cheapest(y, score, miss, alarm):
    thresholds = [-np.inf, *np.unique(score)]
    wrong = [np.sum((score > t) != y) for t in thresholds]
    return thresholds[np.argmin(wrong)]

# %% exercise="9.8" wrong="an alarm at the score already" says="Try every score"
def from_chance(miss, alarm):
    return alarm / (alarm + miss)

def cheapest(y, score, miss, alarm):
    thresholds = [-np.inf, *np.unique(score)]
    costs = [
        np.sum(miss * ((score < t) & (y == 1))) + np.sum(alarm * ((score >= t) & (y == 0)))
        for t in thresholds
    ]
    return thresholds[np.argmin(costs)]

# %% exercise="9.8" wrong="the threshold of the formula, though the scores are no chances" says="no chances"
def from_chance(miss, alarm):
    return alarm / (alarm + miss)

def cheapest(y, score, miss, alarm):
    return from_chance(miss, alarm)

# %% exercise="9.8" right="running sums over the sorted scores"
def from_chance(miss, alarm):
    return 1 / (1 + miss / alarm)

def cheapest(y, score, miss, alarm):
    order = np.argsort(-score)
    steps = np.where(y[order] == 1, -float(miss), float(alarm))
    costs = np.cumsum([miss * np.sum(y == 1), *steps])
    ends = np.append(True, np.append(np.diff(score[order]) != 0, True))
    place = np.where(ends, costs, np.inf).argmin()
    return score[order][place] if place < len(y) else float("-inf")

# %% exercise="9.8" right="the given function, tried on all"
def from_chance(miss, alarm):
    return np.float64(alarm) / np.add(alarm, miss)

def cheapest(y, score, miss, alarm):
    return min([*score, -np.inf], key=lambda t: cost(y, score, t, miss, alarm)[0])

# %% exercise="9.9" wrong="the colleague's own order" says="Cut first"
def score(x, y, cut, copies=4):
    return leaky(x, y, cut, copies)

# %% exercise="9.9" wrong="cut first, but scaled by all rows and then copied" says="Mean and spread"
def score(x, y, cut, copies=4):
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    answers = np.empty(len(y), dtype=int)
    for test in cut(len(y)):
        train = np.setdiff1d(np.arange(len(y)), test)
        train = np.concatenate([train, np.repeat(train[y[train] == 1], copies)])
        answers[test] = nearest(x[train], y[train], x[test])
    return balanced(y, answers)

# %% exercise="9.9" wrong="the test rows are scaled by themselves" says="by the same numbers"
def score(x, y, cut, copies=4):
    def scaled(rows):
        return (rows - rows.mean(axis=0)) / rows.std(axis=0)

    answers = np.empty(len(y), dtype=int)
    for test in cut(len(y)):
        train = np.setdiff1d(np.arange(len(y)), test)
        more = np.repeat(np.flatnonzero(y[train] == 1), copies)
        inside = scaled(x[train])
        rows = np.concatenate([np.arange(len(train)), more])
        answers[test] = nearest(inside[rows], y[train][rows], scaled(x[test]))
    return balanced(y, answers)

# %% exercise="9.9" wrong="each positive row as often as the number of copies, itself among them" says="as many as asked for"
def score(x, y, cut, copies=4):
    answers = np.empty(len(y), dtype=int)
    for test in cut(len(y)):
        train = np.setdiff1d(np.arange(len(y)), test)
        mean, spread = x[train].mean(axis=0), x[train].std(axis=0)
        more = np.repeat(train[y[train] == 1], max(copies - 1, 0))
        train = np.concatenate([train, more])
        answers[test] = nearest((x[train] - mean) / spread, y[train], (x[test] - mean) / spread)
    return balanced(y, answers)

# %% exercise="9.9" wrong="the mean of the folds' scores" says="Cut first"
def score(x, y, cut, copies=4):
    found = []
    for test in cut(len(y)):
        train = np.setdiff1d(np.arange(len(y)), test)
        mean, spread = x[train].mean(axis=0), x[train].std(axis=0)
        train = np.concatenate([train, np.repeat(train[y[train] == 1], copies)])
        answers = nearest((x[train] - mean) / spread, y[train], (x[test] - mean) / spread)
        found.append(np.mean(answers == y[test]))
    return np.mean(found)

# %% exercise="9.9" right="masks, copies one after the other, and a list of answers"
def score(x, y, cut, copies=4):
    answers = [None] * len(y)
    for test in cut(len(y)):
        inside = np.ones(len(y), dtype=bool)
        inside[test] = False
        mean, spread = x[inside].mean(axis=0), np.sqrt(x[inside].var(axis=0))
        a, b = x[inside], y[inside]
        for _ in range(copies):
            a, b = np.vstack([a, x[inside & (y == 1)]]), np.append(b, np.ones(y[inside].sum(), int))
        for place, said in zip(test, nearest((a - mean) / spread, b, (x[test] - mean) / spread)):
            answers[place] = said
    return balanced(y, answers)

# %% exercise="9.11" wrong="batch norm alone, which only learns faster" says="One means is enough"
def tamed(x, y, x_valid, y_valid, rng):
    net = nn.Sequential(
        nn.Linear(64, 256, rng=rng), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 10, rng=rng)
    )
    loss_of, optimizer = nn.CrossEntropyLoss(), dl.optim.Adam(net.parameters(), lr=0.002)
    for _ in range(30):
        for rows in np.array_split(rng.permutation(len(x)), 10):
            optimizer.zero_grad()
            loss_of(net(dl.tensor(x[rows])), dl.tensor(y[rows])).backward()
            optimizer.step()
    return net

# %% exercise="9.11" wrong="hardly trained: it says few wrong labels and reads too little" says="One means is enough"
def tamed(x, y, x_valid, y_valid, rng):
    return untamed(x, y, x_valid, y_valid, rng, epochs=3)

# %% exercise="9.11" wrong="dropout alone: short of the last points" says="Combine means"
def tamed(x, y, x_valid, y_valid, rng):
    net = nn.Sequential(
        nn.Linear(64, 256, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng),
        nn.Linear(256, 256, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng),
        nn.Linear(256, 10, rng=rng),
    )
    loss_of, optimizer = nn.CrossEntropyLoss(), dl.optim.Adam(net.parameters(), lr=0.002)
    for _ in range(30):
        for rows in np.array_split(rng.permutation(len(x)), 10):
            optimizer.zero_grad()
            loss_of(net(dl.tensor(x[rows])), dl.tensor(y[rows])).backward()
            optimizer.step()
    return net

# %% exercise="9.11" right="five small networks, whose chances are averaged"
class Mean(nn.Module):
    def __init__(self, nets):
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, x):
        return sum(dl.functional.softmax(net(x), dim=1) for net in self.nets)

def tamed(x, y, x_valid, y_valid, rng):
    nets = []
    for _ in range(5):
        net = nn.Sequential(nn.Linear(64, 48, rng=rng), nn.ReLU(), nn.Linear(48, 10, rng=rng))
        loss_of = nn.CrossEntropyLoss()
        optimizer = dl.optim.AdamW(net.parameters(), lr=0.005, weight_decay=0.3)
        for _ in range(30):
            for rows in np.array_split(rng.permutation(len(x)), 10):
                optimizer.zero_grad()
                seen = dl.tensor(shifted(x[rows], rng) if rng.random() < 0.5 else x[rows])
                loss_of(net(seen), dl.tensor(y[rows])).backward()
                optimizer.step()
        nets.append(net)
    return Mean(nets)

# %% exercise="9.12" wrong="not scaled in training, and equal scores taken in the order of the rows" says="divided by 1 - p"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        if not self.training:
            return x
        return x * (self.rng.random(x.shape) >= self.p).astype(float)

def roc_curve(y, score):
    y, order = np.asarray(y), np.argsort(-np.asarray(score), kind="stable")
    if len(np.unique(y)) < 2:
        raise ValueError("both classes are needed")
    hits, alarms = np.cumsum(y[order] == 1), np.cumsum(y[order] == 0)
    return np.append(0.0, alarms / alarms[-1]), np.append(0.0, hits / hits[-1])

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return np.trapezoid(tpr, fpr)

# %% exercise="9.12" wrong="drops in evaluation too, and sorts upwards" says="In evaluation return what came"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        return x * ((self.rng.random(x.shape) >= self.p) / (1 - self.p))

def roc_curve(y, score):
    y, score = np.asarray(y), np.asarray(score)
    if len(np.unique(y)) < 2:
        raise ValueError("both classes are needed")
    points = [(0.0, 0.0)]
    for t in np.unique(score):
        points.append((np.mean(score[y == 0] <= t), np.mean(score[y == 1] <= t)))
    return np.array(points).T

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)

# %% exercise="9.12" wrong="p is the share that is kept, and (0, 0) is left out" says="at least p"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        return x * ((self.rng.random(x.shape) < self.p) / self.p)

def roc_curve(y, score):
    y, score = np.asarray(y), np.asarray(score)
    if len(np.unique(y)) < 2:
        raise ValueError("both classes are needed")
    points = [(np.mean(score[y == 0] >= t), np.mean(score[y == 1] >= t)) for t in np.unique(score)[::-1]]
    return np.array(points).T

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)

# %% exercise="9.12" wrong="one mask for the whole batch, and steps in place of trapezoids" says="Scores that are equal"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        if not self.training:
            return x
        return x * ((self.rng.random(x.shape[1:]) >= self.p) / (1 - self.p))

def roc_curve(y, score):
    y, score = np.asarray(y), np.asarray(score)
    if len(np.unique(y)) < 2:
        raise ValueError("both classes are needed")
    points = [(0.0, 0.0)]
    for t in np.unique(score)[::-1]:
        points.append((np.mean(score[y == 0] >= t), np.mean(score[y == 1] >= t)))
    return np.array(points).T

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return np.sum(np.diff(fpr) * tpr[1:])

# %% exercise="9.12" wrong="one mask for ever, and one class has the area zero" says="at each call"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p, self.seed = p, int(rng.integers(1000))

    def forward(self, x):
        if not self.training:
            return x
        kept = np.random.default_rng(self.seed).random(x.shape) >= self.p
        return x * (kept / (1 - self.p))

def roc_curve(y, score):
    y, score = np.asarray(y), np.asarray(score)
    points = [(0.0, 0.0)]
    for t in np.unique(score)[::-1]:
        alarms, hits = np.sum(score[y == 0] >= t), np.sum(score[y == 1] >= t)
        points.append((alarms / max(np.sum(y == 0), 1), hits / max(np.sum(y == 1), 1)))
    return np.array(points).T

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)

# %% exercise="9.12" right="a rule with forward and backward, and the area counted in pairs"
class Drop(dl.Function):
    @staticmethod
    def forward(ctx, x, mask):
        ctx.save(mask)
        return x * mask

    @staticmethod
    def backward(ctx, grad_out):
        (mask,) = ctx.saved
        return grad_out * mask, None

    @staticmethod
    def jvp(ctx, dx, dmask):
        raise NotImplementedError("forward mode is not asked for")

class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.keep, self.rng = 1 - p, rng

    def forward(self, x):
        if self.training:
            mask = self.rng.binomial(1, self.keep, x.shape) / self.keep
            return Drop.apply(x, mask)
        return x

def roc_curve(y, score):
    y, score = np.asarray(y, dtype=bool), np.asarray(score)
    if y.all() or not y.any():
        raise ValueError("both classes are needed")
    thresholds = sorted(set(score.tolist()), reverse=True)
    fpr = [0.0] + [float(np.mean(score[~y] >= t)) for t in thresholds]
    tpr = [0.0] + [float(np.mean(score[y] >= t)) for t in thresholds]
    return fpr, tpr

def roc_auc(y, score):
    y, score = np.asarray(y, dtype=bool), np.asarray(score)
    if y.all() or not y.any():
        raise ValueError("both classes are needed")
    first, second = score[y][:, None], score[~y]
    return np.mean((first > second) + 0.5 * (first == second))

# %% exercise="9.12" right="loops, random choice, and sums of a dictionary"
class Dropout(nn.Module):
    def __init__(self, p, rng):
        super().__init__()
        self.p = p
        self.rng = rng

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        factors = self.rng.choice([0.0, 1 / (1 - self.p)], size=x.shape, p=[self.p, 1 - self.p])
        return dl.tensor(factors) * x

def roc_curve(y, score):
    counts = {}
    for truth, s in zip(y, score):
        counts.setdefault(float(s), [0, 0])[int(truth)] += 1
    negatives = sum(pair[0] for pair in counts.values())
    positives = sum(pair[1] for pair in counts.values())
    if negatives == 0 or positives == 0:
        raise ValueError("one class only")
    alarms, hits, fpr, tpr = 0, 0, [0.0], [0.0]
    for s in sorted(counts)[::-1]:
        alarms, hits = alarms + counts[s][0], hits + counts[s][1]
        fpr.append(alarms / negatives)
        tpr.append(hits / positives)
    return np.array(fpr), np.array(tpr)

def roc_auc(y, score):
    fpr, tpr = roc_curve(y, score)
    return sum((fpr[k] - fpr[k - 1]) * (tpr[k] + tpr[k - 1]) / 2 for k in range(1, len(fpr)))
