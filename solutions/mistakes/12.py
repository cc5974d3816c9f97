# %% [markdown]
# Answers to the exercises of chapter 12: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="12.1" wrong="the rope is forgotten" says="The rope has a slope too"
answer_12_1 = 0.2**9

# %% exercise="12.1" wrong="the nine shares are added" says="Nine blocks in a row multiply"
answer_12_1 = 1 + 9 * 0.2

# %% exercise="12.1" right="computed, with all decimals"
answer_12_1 = (1 + 0.2) ** 9

# %% exercise="12.2" wrong="running averages are learnt, maps are added, and each layer sees three pixels more" says="collected, not learnt"
answer_12_2 = {"block": "D", "dense": "A", "sees": "C"}

# %% exercise="12.2" wrong="one batch norm, and what came in is thrown away" says="Nothing is thrown away"
answer_12_2 = {"block": "B", "dense": "B", "sees": "B"}

# %% exercise="12.2" right="small letters"
answer_12_2 = {"block": "c", "dense": "d", "sees": " b"}

# %% exercise="12.3" wrong="the end of a reader of digits for all" says="How many answers"
answer_12_3 = {"pixels": "A", "boxes": "A", "caption": "A"}

# %% exercise="12.3" wrong="stride until one place is left" says="forgotten"
answer_12_3 = {"pixels": "C", "boxes": "B", "caption": "C"}

# %% exercise="12.4" wrong="level is taken for healthy, and ratios are added" says="came back from above"
answer_12_4 = {"rope": "A", "twice": "B", "level": "A"}

# %% exercise="12.4" wrong="slopes alone die" says="which end"
answer_12_4 = {"rope": "B", "twice": "C", "level": "B"}

# %% exercise="12.5" wrong="the size counts the padding, the image is never padded" says="Make the wide image first"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, _, _, count = filters.shape
    span = dilation * (k - 1) + 1
    h, w = ((n + 2 * padding - span) // stride + 1 for n in x.shape[:2])
    out = np.zeros((h, w, count))
    for i, j in np.ndindex(h, w):
        top, left = stride * i, stride * j
        patch = x[top:top + span:dilation, left:left + span:dilation]
        out[i, j] = np.tensordot(patch, filters, 3)
    return out

# %% exercise="12.5" wrong="the filter is flipped" says="Nothing is flipped"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, _, _, count = filters.shape
    span = dilation * (k - 1) + 1
    wide = np.pad(x, [(padding, padding), (padding, padding), (0, 0)])
    h, w = ((n - span) // stride + 1 for n in wide.shape[:2])
    out = np.zeros((h, w, count))
    for i, j in np.ndindex(h, w):
        top, left = stride * i, stride * j
        patch = wide[top:top + span:dilation, left:left + span:dilation]
        out[i, j] = np.tensordot(patch, filters[::-1, ::-1], 3)
    return out

# %% exercise="12.5" wrong="rows and columns of the filters are exchanged" says="Rows come first"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, _, _, count = filters.shape
    span = dilation * (k - 1) + 1
    wide = np.pad(x, [(padding, padding), (padding, padding), (0, 0)])
    h, w = ((n - span) // stride + 1 for n in wide.shape[:2])
    out = np.zeros((h, w, count))
    for i, j in np.ndindex(h, w):
        top, left = stride * i, stride * j
        patch = wide[top:top + span:dilation, left:left + span:dilation]
        out[i, j] = np.tensordot(patch, filters.swapaxes(0, 1), 3)
    return out

# %% exercise="12.5" wrong="a dilated filter is taken to span k pixels in the size" says="takes the place of k"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, _, _, count = filters.shape
    span = dilation * (k - 1) + 1
    wide = np.pad(x, [(padding, padding), (padding, padding), (0, 0)])
    h, w = ((n - k) // stride + 1 for n in wide.shape[:2])
    wide = np.pad(wide, [(0, span), (0, span), (0, 0)])
    out = np.zeros((h, w, count))
    for i, j in np.ndindex(h, w):
        top, left = stride * i, stride * j
        patch = wide[top:top + span:dilation, left:left + span:dilation]
        out[i, j] = np.tensordot(patch, filters, 3)
    return out

# %% exercise="12.5" wrong="the channels are padded too" says="not of the channels"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, _, depth, count = filters.shape
    span = dilation * (k - 1) + 1
    wide = np.pad(x, padding)[:, :, :depth]
    h, w = ((n - span) // stride + 1 for n in wide.shape[:2])
    out = np.zeros((h, w, count))
    for i, j in np.ndindex(h, w):
        top, left = stride * i, stride * j
        patch = wide[top:top + span:dilation, left:left + span:dilation]
        out[i, j] = np.tensordot(patch, filters, 3)
    return out

# %% exercise="12.5" right="place by place, and lists"
def layer(x, filters, padding=0, stride=1, dilation=1):
    k, p = len(filters), padding
    wide = np.zeros((x.shape[0] + 2 * p, x.shape[1] + 2 * p, x.shape[2]))
    wide[p:p + x.shape[0], p:p + x.shape[1]] = x
    span, rows = dilation * (k - 1) + 1, []
    for top in range(0, len(wide) - span + 1, stride):
        row = []
        for left in range(0, wide.shape[1] - span + 1, stride):
            patch = wide[top:top + span:dilation, left:left + span:dilation]
            row.append((patch[..., None] * filters).sum((0, 1, 2)).tolist())
        rows.append(row)
    return rows

# %% exercise="12.5" right="dlcore's convolution with the axes moved"
def layer(x, filters, padding=0, stride=1, dilation=1):
    out = F.conv2d(dl.tensor(x.transpose(2, 0, 1)[None].copy()),
                   dl.tensor(filters.transpose(3, 2, 0, 1).copy()),
                   stride=stride, padding=padding, dilation=dilation)
    return out.data[0].transpose(1, 2, 0)

# %% exercise="12.6" wrong="the later block on the right" says="with J on the left"
def by_length(jacobians):
    identity = np.eye(len(jacobians[0]))
    terms = np.zeros((len(jacobians) + 1, *identity.shape))
    terms[0] = identity
    for A in jacobians:
        terms[1:] += terms[:-1] @ A
    return terms

# %% exercise="12.6" wrong="the new entry k - 1 is used in place of the old one" says="Use the OLD entry"
def by_length(jacobians):
    identity = np.eye(len(jacobians[0]))
    terms = np.zeros((len(jacobians) + 1, *identity.shape))
    terms[0] = identity
    for A in jacobians:
        for k in range(1, len(terms)):
            terms[k] += A @ terms[k - 1]
    return terms

# %% exercise="12.6" wrong="the rope is forgotten: one road alone" says="stays as it is on the rope"
def by_length(jacobians):
    terms = [np.eye(len(jacobians[0]))]
    for A in jacobians:
        terms.append(A @ terms[-1])
    return np.array(terms)

# %% exercise="12.6" wrong="elementwise products" says="the later block on the left"
def by_length(jacobians):
    identity = np.eye(len(jacobians[0]))
    terms = np.zeros((len(jacobians) + 1, *identity.shape))
    terms[0] = identity
    for A in jacobians:
        terms[1:] += A * terms[:-1]
    return terms

# %% exercise="12.6" right="a list of lists, from the last block on"
def by_length(jacobians):
    size = len(jacobians[0])
    terms = [np.eye(size)]
    for A in jacobians[::-1]:
        longer = [T @ A for T in terms]
        zero = np.zeros((size, size))
        terms = [a + b for a, b in zip(terms + [zero], [zero] + longer)]
    return [term.tolist() for term in terms]

# %% exercise="12.7" wrong="Heun's second call at x itself" says="the second call gets (1 + a) x"
def euler(a):
    return 1 + a

def heun(a):
    return 1 + (a + a) / 2

def halves(a):
    return (1 + a / 2) ** 2

lowest = {"euler": -2, "heun": -2, "halves": -4}

# %% exercise="12.7" wrong="the half is forgotten in Heun's block" says="Put f(x) = a x in"
def euler(a):
    return 1 + a

def heun(a):
    return 1 + a + a * (1 + a)

def halves(a):
    return (1 + a / 2) ** 2

lowest = {"euler": -2, "heun": -2, "halves": -4}

# %% exercise="12.7" wrong="two halves are one whole" says="Two blocks in a row multiply"
def euler(a):
    return 1 + a

def heun(a):
    return 1 + a + a**2 / 2

def halves(a):
    return 1 + a / 2 + a / 2

lowest = {"euler": -2, "heun": -2, "halves": -2}

# %% exercise="12.7" wrong="where the factor turns negative, and Heun taken for the most stable" says="absolute value to 1"
def euler(a):
    return 1 + a

def heun(a):
    return 1 + a + a**2 / 2

def halves(a):
    return (1 + a / 2) ** 2

lowest = {"euler": -1, "heun": -4, "halves": -2}

# %% exercise="12.7" right="blocks that are run at x = 1, and limits that are searched"
def euler(a, x=1):
    return x + a * x

def heun(a, x=1):
    first = x + a * x
    return x + 0.5 * (a * x + a * first)

def halves(a):
    return euler(a / 2, euler(a / 2))

lowest = {}
for name, block in {"euler": euler, "heun": heun, "halves": halves}.items():
    down = -np.arange(1, 100001) / 10000
    lowest[name] = down[np.argmax(np.abs(block(down)) > 1 + 1e-9)]

# %% exercise="12.8" wrong="the averages rest, but a root of averaged spreads is left" says="average of variances"
class Norm:
    def __init__(self, channels):
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def __call__(self, x, training):
        mean, std = self.mean, np.sqrt(self.var)
        if training:
            mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3))
            self.mean = self.mean + 0.1 * (mean - self.mean)
            self.var = self.var + 0.1 * (std - self.var)
        return (x - mean[:, None, None]) / (std[:, None, None] + 1e-5)

# %% exercise="12.8" wrong="variances, but the averages move in evaluation" says="Evaluation only reads"
class Norm:
    def __init__(self, channels):
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def __call__(self, x, training):
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
        self.mean = self.mean + 0.1 * (mean - self.mean)
        self.var = self.var + 0.1 * (var - self.var)
        if not training:
            mean, var = self.mean, self.var
        return (x - mean[:, None, None]) / (np.sqrt(var)[:, None, None] + 1e-5)

# %% exercise="12.8" wrong="no root in evaluation" says="the root of an averaged variance"
class Norm:
    def __init__(self, channels):
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def __call__(self, x, training):
        mean, std = self.mean, self.var
        if training:
            mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3))
            self.mean = self.mean + 0.1 * (mean - self.mean)
            self.var = self.var + 0.1 * (std**2 - self.var)
        return (x - mean[:, None, None]) / (std[:, None, None] + 1e-5)

# %% exercise="12.8" wrong="nine tenths of the new batch" says="average of variances"
class Norm:
    def __init__(self, channels):
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def __call__(self, x, training):
        mean, var = self.mean, self.var
        if training:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            self.mean = 0.1 * self.mean + 0.9 * mean
            self.var = 0.1 * self.var + 0.9 * var
        return (x - mean[:, None, None]) / (np.sqrt(var)[:, None, None] + 1e-5)

# %% exercise="12.8" right="variances over m - 1, as PyTorch keeps them, and the small number inside the root"
class Norm:
    def __init__(self, channels):
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def __call__(self, x, training):
        columns = x.transpose(1, 0, 2, 3).reshape(len(self.mean), -1)
        if training:
            mean, var = columns.mean(axis=1), columns.var(axis=1)
            self.mean = 0.9 * self.mean + 0.1 * mean
            self.var = 0.9 * self.var + 0.1 * columns.var(axis=1, ddof=1)
        else:
            mean, var = self.mean, self.var
        moved = x.swapaxes(1, 3) - mean
        return (moved / np.sqrt(var + 1e-5)).swapaxes(1, 3)

# %% exercise="12.9" wrong="one order alone" says="n! orders"
def shapley(value, n):
    return np.array([value(frozenset(range(i + 1))) - value(frozenset(range(i)))
                     for i in range(n)])

def occlusion(value, n):
    every = frozenset(range(n))
    return np.array([value(every) - value(every - {i}) for i in range(n)])

# %% exercise="12.9" wrong="all groups count alike, however many orders lead to them" says="each order"
def shapley(value, n):
    shares = np.zeros(n)
    for i in range(n):
        rest = [j for j in range(n) if j != i]
        groups = [frozenset(g) for k in range(n) for g in itertools.combinations(rest, k)]
        shares[i] = np.mean([value(g | {i}) - value(g) for g in groups])
    return shares

def occlusion(value, n):
    every = frozenset(range(n))
    return np.array([value(every) - value(every - {i}) for i in range(n)])

# %% exercise="12.9" wrong="the score of each patch alone" says="shares add up"
def shapley(value, n):
    return np.array([value(frozenset({i})) for i in range(n)])

def occlusion(value, n):
    every = frozenset(range(n))
    return np.array([value(every) - value(every - {i}) for i in range(n)])

# %% exercise="12.9" wrong="the loss has the wrong sign" says="It is a loss"
def shapley(value, n):
    shares, orders = np.zeros(n), list(itertools.permutations(range(n)))
    for order in orders:
        for place, patch in enumerate(order):
            before = frozenset(order[:place])
            shares[patch] += value(before | {patch}) - value(before)
    return shares / len(orders)

def occlusion(value, n):
    every = frozenset(range(n))
    return np.array([value(every - {i}) - value(every) for i in range(n)])

# %% exercise="12.9" wrong="the other patches are covered, and not the one" says="All patches but one"
def shapley(value, n):
    shares, orders = np.zeros(n), list(itertools.permutations(range(n)))
    for order in orders:
        for place, patch in enumerate(order):
            before = frozenset(order[:place])
            shares[patch] += value(before | {patch}) - value(before)
    return shares / len(orders)

def occlusion(value, n):
    none = frozenset()
    return np.array([value(none | {i}) - value(none) for i in range(n)])

# %% exercise="12.9" right="by the number of orders of each group, and lists"
def shapley(value, n):
    from math import factorial

    shares = []
    for i in range(n):
        share = 0.0
        for mask in range(2**n):
            group = frozenset(j for j in range(n) if mask >> j & 1)
            if i not in group:
                weight = factorial(len(group)) * factorial(n - 1 - len(group))
                share += weight * (value(group | {i}) - value(group))
        shares.append(share / factorial(n))
    return shares

def occlusion(value, n):
    return [value(frozenset(range(n))) - value(frozenset(j for j in range(n) if j != i))
            for i in range(n)]

# %% exercise="12.10" wrong="the smallest gap is taken for the first that closes" says="need not be reached first"
def smallest(W, b, x):
    scores = W @ x + b
    here, there = np.argsort(scores)[::-1][:2]
    gap = scores[here] - scores[there]
    return gap / np.abs(W[here] - W[there]).sum(), there

# %% exercise="12.10" wrong="divided by the length of the difference" says="SUM OF ABSOLUTE differences"
def smallest(W, b, x):
    scores = W @ x + b
    here = scores.argmax()
    others = np.delete(np.arange(len(b)), here)
    gaps = scores[here] - scores[others]
    eps = gaps / np.sqrt(((W[here] - W[others]) ** 2).sum(axis=1))
    return eps.min(), others[eps.argmin()]

# %% exercise="12.10" wrong="the number of the class is that of the list without the winner" says="reached first"
def smallest(W, b, x):
    scores = W @ x + b
    here = scores.argmax()
    others = np.delete(np.arange(len(b)), here)
    gaps = scores[here] - scores[others]
    eps = gaps / np.abs(W[here] - W[others]).sum(axis=1)
    return eps.min(), eps.argmin()

# %% exercise="12.10" wrong="the biases are forgotten" says="divided by too much"
def smallest(W, b, x):
    scores = W @ x
    here = scores.argmax()
    others = np.delete(np.arange(len(b)), here)
    gaps = scores[here] - scores[others]
    eps = gaps / np.abs(W[here] - W[others]).sum(axis=1)
    return eps.min(), others[eps.argmin()]

# %% exercise="12.10" right="class by class, with a float"
def smallest(W, b, x):
    scores = [float(w @ x + c) for w, c in zip(W, b)]
    here = int(np.argmax(scores))
    found = []
    for there in range(len(b)):
        if there != here:
            speed = np.linalg.norm(W[there] - W[here], 1)
            found.append(((scores[here] - scores[there]) / speed, there))
    return min(found)

# %% exercise="12.12" wrong="the first layer at full size, too dear" says="divides the products"
def build(rng):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Linear(6 * 49, 10, rng=rng))

def learn(model, x, y, rng):
    loader = data.DataLoader(data.TensorDataset(x, y), 100, shuffle=True, rng=rng)
    fit(model, loader, nn.CrossEntropyLoss(), optim.Adam(model.parameters(), lr=0.01), 1,
        progress=False)

# %% exercise="12.12" wrong="cheap, with one small convolution: short of the last points" says="second convolution"
def build(rng):
    return nn.Sequential(
        nn.AvgPool2d(2), nn.Conv2d(1, 8, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 49, 10, rng=rng))

def learn(model, x, y, rng):
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    fit(model, loader, nn.CrossEntropyLoss(), optim.Adam(model.parameters(), lr=0.01), 4,
        progress=False)

# %% exercise="12.12" right="a mean first, a rope around a separable part, and a loop of its own"
class Cheap(nn.Module):
    def __init__(self, rng):
        super().__init__()
        self.look = nn.Conv2d(1, 12, 3, padding=1, bias=False, rng=rng)
        self.norm = nn.BatchNorm2d(12)
        self.each = nn.Conv2d(12, 12, 3, padding=1, groups=12, bias=False, rng=rng)
        self.mix = nn.Conv2d(12, 12, 1, bias=False, rng=rng)
        self.mixed, self.last = nn.BatchNorm2d(12), nn.BatchNorm2d(24)
        self.more = nn.Conv2d(12, 24, 3, padding=1, stride=2, bias=False, rng=rng)
        self.say = nn.Linear(24 * 16, 10, rng=rng)

    def forward(self, x):
        x = F.avg_pool2d(x, 2)
        x = F.max_pool2d(F.relu(self.norm(self.look(x))), 2)
        x = x + F.relu(self.mixed(self.mix(self.each(x))))
        return self.say(F.relu(self.last(self.more(x))).flatten(1))

def build(rng):
    return Cheap(rng)

def learn(model, x, y, rng):
    optimizer, steps, done = optim.Adam(model.parameters(), lr=0.01), 320, 0
    while done < steps:
        moved = data.random_shift(x, 1, rng=rng)
        for part in np.array_split(rng.permutation(len(x)), 40):
            optimizer.param_groups[0]["lr"] = 0.01 * (1 - done / steps)
            optimizer.zero_grad()
            F.cross_entropy(model(dl.tensor(moved[part])), y[part]).backward()
            optimizer.step()
            done += 1

# %% exercise="12.13" wrong="no rope" says="x, as it came, is added"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if self.training:
            now = x.mean((0, 2, 3), True)
            away = x - now
            spread = (away * away).mean((0, 2, 3), True)
            self.seen[place] = (0.9 * mean + 0.1 * now.data,
                                0.9 * var + 0.1 * spread.data)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = Correlate.apply(self.norm(x, "1").relu(), self.weight1)
        return Correlate.apply(self.norm(x, "2").relu(), self.weight2)

    def forward(self, x):
        return self.f(x)

# %% exercise="12.13" wrong="a ReLU on the rope" says="no ReLU stands on the rope"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if self.training:
            now = x.mean((0, 2, 3), True)
            away = x - now
            spread = (away * away).mean((0, 2, 3), True)
            self.seen[place] = (0.9 * mean + 0.1 * now.data,
                                0.9 * var + 0.1 * spread.data)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = Correlate.apply(self.norm(x, "1").relu(), self.weight1)
        return Correlate.apply(self.norm(x, "2").relu(), self.weight2)

    def forward(self, x):
        return (x + self.f(x)).relu()

# %% exercise="12.13" wrong="convolution, norm, ReLU, in the order of the first residual networks" says="The order is norm, ReLU, convolution"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if self.training:
            now = x.mean((0, 2, 3), True)
            away = x - now
            spread = (away * away).mean((0, 2, 3), True)
            self.seen[place] = (0.9 * mean + 0.1 * now.data,
                                0.9 * var + 0.1 * spread.data)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = self.norm(Correlate.apply(x, self.weight1), "1").relu()
        return self.norm(Correlate.apply(x, self.weight2), "2").relu()

    def forward(self, x):
        return x + self.f(x)

# %% exercise="12.13" wrong="no slopes through mean and variance" says="slopes flow through both"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if self.training:
            now = dl.tensor(x.data.mean((0, 2, 3), keepdims=True))
            away = x - now
            spread = dl.tensor(x.data.var((0, 2, 3), keepdims=True))
            self.seen[place] = (0.9 * mean + 0.1 * now.data,
                                0.9 * var + 0.1 * spread.data)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = Correlate.apply(self.norm(x, "1").relu(), self.weight1)
        return Correlate.apply(self.norm(x, "2").relu(), self.weight2)

    def forward(self, x):
        return x + self.f(x)

# %% exercise="12.13" wrong="the batch's own numbers in evaluation too" says="must not depend on its company"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if True:
            now = x.mean((0, 2, 3), True)
            away = x - now
            spread = (away * away).mean((0, 2, 3), True)
            self.seen[place] = (0.9 * mean + 0.1 * now.data,
                                0.9 * var + 0.1 * spread.data)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = Correlate.apply(self.norm(x, "1").relu(), self.weight1)
        return Correlate.apply(self.norm(x, "2").relu(), self.weight2)

    def forward(self, x):
        return x + self.f(x)

# %% exercise="12.13" wrong="the averages are read and never moved" says="each batch moves the running averages"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        self.seen, each = {}, (1, channels, 1, 1)
        size, shape = 1 / (5 * np.sqrt(channels)), (channels, channels, 3, 3)
        for place in "12":
            start = rng.normal(0, size, shape)
            setattr(self, "weight" + place, nn.Parameter(start))
            setattr(self, "scale" + place, nn.Parameter(np.ones(each)))
            setattr(self, "shift" + place, nn.Parameter(np.zeros(each)))
            self.seen[place] = np.zeros(each), np.ones(each)

    def norm(self, x, place):
        mean, var = self.seen[place]
        if self.training:
            now = x.mean((0, 2, 3), True)
            away = x - now
            spread = (away * away).mean((0, 2, 3), True)
        else:
            away, spread = x - mean, var
        out = away / (spread + 1e-5) ** 0.5
        return out * getattr(self, "scale" + place) + getattr(self, "shift" + place)

    def f(self, x):
        x = Correlate.apply(self.norm(x, "1").relu(), self.weight1)
        return Correlate.apply(self.norm(x, "2").relu(), self.weight2)

    def forward(self, x):
        return x + self.f(x)

# %% exercise="12.13" right="norms as modules, over rows, with variances over m - 1, and a uniform draw"
class Correlate(dl.Function):
    "x (N, C, H, W), weight (F, C, 3, 3) -> (N, F, H, W), with padding 1."

    @staticmethod
    def slide(x, weight):
        wide = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
        seen = np.lib.stride_tricks.sliding_window_view(wide, (3, 3), (2, 3))
        out = np.tensordot(seen, weight, ((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2), seen         # seen: (N, C, H, W, 3, 3)

    @staticmethod
    def forward(ctx, x, weight):
        out, seen = Correlate.slide(x, weight)
        ctx.save(seen, weight)
        return out

    @staticmethod
    def backward(ctx, grad_out):
        seen, weight = ctx.saved
        turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
        axes = (0, 2, 3)
        grad_weight = np.tensordot(grad_out, seen, (axes, axes))
        return Correlate.slide(grad_out, turned)[0], grad_weight

    @staticmethod
    def jvp(ctx, dx, dweight):
        raise NotImplementedError("forward mode is not asked for")

class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.scale, self.shift = nn.Parameter(np.ones(channels)), nn.Parameter(np.zeros(channels))
        self.mean, self.var = np.zeros(channels), np.ones(channels)

    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        rows = x.reshape(-1, x.shape[3])
        mean, var = self.mean, self.var
        if self.training:
            mean = rows.mean(0)
            var = ((rows - mean) * (rows - mean)).mean(0)
            count = rows.shape[0] / (rows.shape[0] - 1)
            self.mean = self.mean + 0.1 * (mean.data - self.mean)
            self.var = self.var + 0.1 * (var.data * count - self.var)
        rows = (rows - mean) / (var + 1e-5) ** 0.5 * self.scale + self.shift
        return rows.reshape(*x.shape).permute(0, 3, 1, 2)

class ResidualBlock(nn.Module):
    def __init__(self, channels, rng):
        super().__init__()
        far, shape = 0.2 * (3 / channels) ** 0.5, (channels, channels, 3, 3)
        self.norm1, self.norm2 = Norm(channels), Norm(channels)
        self.weight1, self.weight2 = (nn.Parameter(rng.uniform(-far, far, shape)) for _ in "12")
        self.scale1, self.shift1 = self.norm1.scale, self.norm1.shift
        self.scale2, self.shift2 = self.norm2.scale, self.norm2.shift

    def forward(self, x):
        f = Correlate.apply(self.norm1(x).relu(), self.weight1)
        return Correlate.apply(self.norm2(f).relu(), self.weight2) + x
