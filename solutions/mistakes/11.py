# %% [markdown]
# Answers to the exercises of chapter 11: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="11.3" wrong="the biases are forgotten" says="one bias"
def ordinary(c_in, c_out, k):
    return c_in * c_out * k * k

def separable(c_in, c_out, k):
    return c_in * (k * k + 1) + c_in * c_out + c_out

def span(k, d):
    return d * (k - 1) + 1

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" wrong="the depthwise part has a kernel for each pair of channels" says="one kernel"
def ordinary(c_in, c_out, k):
    return c_in * c_out * k * k + c_out

def separable(c_in, c_out, k):
    return c_in * c_in * k * k + c_in + c_in * c_out + c_out

def span(k, d):
    return d * (k - 1) + 1

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" wrong="a dilated kernel is taken to be d times as long" says="left out"
def ordinary(c_in, c_out, k):
    return c_in * c_out * k * k + c_out

def separable(c_in, c_out, k):
    return c_in * (k * k + 1) + c_in * c_out + c_out

def span(k, d):
    return d * k

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" wrong="no groups, so that every channel meets every other" says="no channel meets another"
def ordinary(c_in, c_out, k):
    return c_in * c_out * k * k + c_out

def separable(c_in, c_out, k):
    return c_in * (k * k + 1) + c_in * c_out + c_out

def span(k, d):
    return d * (k - 1) + 1

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" wrong="the padding forgets that dilation stretches the kernel" says="which padding"
def ordinary(c_in, c_out, k):
    return c_in * c_out * k * k + c_out

def separable(c_in, c_out, k):
    return c_in * (k * k + 1) + c_in * c_out + c_out

def span(k, d):
    return d * (k - 1) + 1

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=(k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" wrong="a bend between the two convolutions" says="nothing stands between"
def ordinary(c_in, c_out, k):
    return (c_in * c_out * k * k + c_out)

def separable(c_in, c_out, k):
    return (c_in * (k * k + 1) + c_in * c_out + c_out)

def span(k, d):
    return (d * (k - 1) + 1)

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.ReLU(),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" right="one function for both, with groups"
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

# %% exercise="11.3" right="whole numbers as floats"
def ordinary(c_in, c_out, k):
    return float(c_in * c_out * k * k + c_out)

def separable(c_in, c_out, k):
    return float(c_in * (k * k + 1) + c_in * c_out + c_out)

def span(k, d):
    return float(d * (k - 1) + 1)

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.3" right="whole numbers of NumPy"
def ordinary(c_in, c_out, k):
    return np.int64(c_in * c_out * k * k + c_out)

def separable(c_in, c_out, k):
    return np.int64(c_in * (k * k + 1) + c_in * c_out + c_out)

def span(k, d):
    return np.int64(d * (k - 1) + 1)

def build(c_in, c_out, k, d, rng):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, k, padding=d * (k - 1) // 2, dilation=d, groups=c_in, rng=rng),
        nn.Conv2d(c_in, c_out, 1, rng=rng))

# %% exercise="11.4" wrong="shares are assigned, so that the last window overwrites the others" says="add up"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        grad_x[i * s + u, j * s + v] = g[i, j]
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k**2
    return grad_x

# %% exercise="11.4" wrong="at a tie every largest pixel gets the whole share" says="the first one at a tie"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] * (patch == patch.max())
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k**2
    return grad_x

# %% exercise="11.4" wrong="the windows move by their own size" says="begins at"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        grad_x[i * k + u, j * k + v] += g[i, j]
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k**2
    return grad_x

# %% exercise="11.4" wrong="the mean is not divided" says="same part"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        grad_x[i * s + u, j * s + v] += g[i, j]
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j]
    return grad_x

# %% exercise="11.4" wrong="at a tie the first pixel wins column by column" says="row by row"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        v, u = np.unravel_index(patch.T.argmax(), patch.T.shape)
        grad_x[i * s + u, j * s + v] += g[i, j]
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k**2
    return grad_x

# %% exercise="11.4" wrong="at a tie the largest pixels share" says="the first one at a tie"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        largest = patch == patch.max()
        grad_x[i * s:i * s + k, j * s:j * s + k] += largest * g[i, j] / largest.sum()
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k**2
    return grad_x

# %% exercise="11.4" wrong="the mean is divided by the side of the window" says="same part"
def max_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        patch = x[i * s:i * s + k, j * s:j * s + k]
        u, v = np.unravel_index(patch.argmax(), patch.shape)
        grad_x[i * s + u, j * s + v] += g[i, j]
    return grad_x

def avg_pool_back(g, x, k, s):
    grad_x = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        grad_x[i * s:i * s + k, j * s:j * s + k] += g[i, j] / k
    return grad_x

# %% exercise="11.4" right="over the places of the window, with windows as arrays"
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

# %% exercise="11.5" wrong="the kernel is not flipped" says="Flip both axes"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    return correlate2d(wide, w), correlate2d(x, g)

# %% exercise="11.5" wrong="one axis alone is flipped" says="Flip both axes"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    return correlate2d(wide, w[::-1]), correlate2d(x, g)

# %% exercise="11.5" wrong="the padding is that of a kernel of 3" says="kh - 1 rows"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, 2)
    return correlate2d(wide, w[::-1, ::-1]), correlate2d(x, g)

# %% exercise="11.5" wrong="the padding of rows and columns is exchanged" says="kh - 1 rows"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kw - 1, kw - 1), (kh - 1, kh - 1)])
    return correlate2d(wide, w[::-1, ::-1]), correlate2d(x, g)

# %% exercise="11.5" wrong="the slopes of the kernel are flipped as well" says="The slopes of the kernel were right"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    to_w = correlate2d(x, g)
    return correlate2d(wide, w[::-1, ::-1]), to_w[::-1, ::-1]

# %% exercise="11.5" wrong="the slopes of a square kernel are transposed" says="The slopes of the kernel were right"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    to_w = correlate2d(x, g)
    return correlate2d(wide, w[::-1, ::-1]), to_w.T if kh == kw else to_w

# %% exercise="11.5" wrong="one slope for all weights, with the right sum" says="The slopes of the kernel were right"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    to_w = correlate2d(x, g)
    return correlate2d(wide, w[::-1, ::-1]), np.full(w.shape, to_w.mean())

# %% exercise="11.5" right="every output pays its patch"
def slopes(x, w, g):
    to_x, to_w = np.zeros(x.shape), np.zeros(w.shape)
    for i, j in np.ndindex(g.shape):
        patch = slice(i, i + len(w)), slice(j, j + w.shape[1])
        to_x[patch] += g[i, j] * w
        to_w += g[i, j] * x[patch]
    return to_x, to_w

# %% exercise="11.5" right="lists in lists"
def slopes(x, w, g):
    kh, kw = w.shape
    wide = np.pad(g, [(kh - 1, kh - 1), (kw - 1, kw - 1)])
    to_w = correlate2d(x, g)
    return correlate2d(wide, w[::-1, ::-1]).tolist(), to_w.tolist()

# %% exercise="11.6" wrong="the stride counts for its own layer already" says="for the layers above it only"
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        side += dilation * (kernel - 1) * jump
    return side, jump

# %% exercise="11.6" wrong="the jump is forgotten" says="a jump apart"
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers:
        side += dilation * (kernel - 1)
        jump *= stride
    return side, jump

# %% exercise="11.6" wrong="dilation is forgotten" says="d (k - 1)"
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers:
        side += (kernel - 1) * jump
        jump *= stride
    return side, jump

# %% exercise="11.6" wrong="the kernel adds all its pixels" says="d (k - 1)"
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers:
        side += dilation * kernel * jump
        jump *= stride
    return side, jump

# %% exercise="11.6" wrong="the last layer comes first" says="layers above it"
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride, dilation in layers[::-1]:
        side += dilation * (kernel - 1) * jump
        jump *= stride
    return side, jump

# %% exercise="11.6" right="backwards, from one unit to the pixels that it reads"
def receptive_field(layers):
    side = 1
    for kernel, stride, dilation in reversed(layers):
        side = (side - 1) * stride + dilation * (kernel - 1) + 1
    return side, int(np.prod([stride for _, stride, _ in layers], dtype=int))

# %% exercise="11.6" right="whole numbers as floats"
def receptive_field(layers):
    side, jump = 1.0, 1.0
    for kernel, stride, dilation in layers:
        side += dilation * (kernel - 1) * jump
        jump *= stride
    return side, jump

# %% exercise="11.7" wrong="one epoch" says="three epochs or more"
def build_reader(rng):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng))

def learn(model, x, y, rng):
    losses = []
    optimizer = optim.Adam(model.parameters(), lr=0.004)
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    for _ in range(1):
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(loader)
        losses.append(total)
    return losses

# %% exercise="11.7" wrong="the gradients are never cleared" says="clear the gradients"
def build_reader(rng):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng))

def learn(model, x, y, rng):
    losses = []
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    for _ in range(5):
        total = 0.0
        for images, labels in loader:
            pass
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(loader)
        losses.append(total)
    return losses

# %% exercise="11.7" wrong="plain descent with a rate that is far too small" says="falls too slowly"
def build_reader(rng):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng))

def learn(model, x, y, rng):
    losses = []
    optimizer = optim.SGD(model.parameters(), lr=0.001)
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    for _ in range(3):
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(loader)
        losses.append(total)
    return losses

# %% exercise="11.7" wrong="no convolution" says="one convolution"
def build_reader(rng):
    return nn.Sequential(
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(196, 10, rng=rng))

def learn(model, x, y, rng):
    losses = []
    optimizer = optim.Adam(model.parameters(), lr=0.004)
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    for _ in range(5):
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(loader)
        losses.append(total)
    return losses

# %% exercise="11.7" wrong="a softmax in front of the cross-entropy" says="not probabilities"
def build_reader(rng):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8 * 12 * 12, 10, rng=rng), nn.Softmax(1))

def learn(model, x, y, rng):
    digits = data.TensorDataset(x, y)
    loader = data.DataLoader(digits, 50, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=0.004)
    history = fit(model, loader, nn.CrossEntropyLoss(), optimizer, 5,
                  progress=False)
    return list(history.columns["loss"])

# %% exercise="11.7" right="a loop of its own, with momentum and mean pooling"
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

# %% exercise="11.9" wrong="the average stands in the middle of its window, and knows days to come" says="all entries before are NaN"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[:] = np.convolve(x, np.full(k, 1 / k), "same")
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window)
    return one

# %% exercise="11.9" wrong="the average stands at the first day of its window" says="all entries before are NaN"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[:len(x) - k + 1] = np.convolve(x, np.full(k, 1 / k), "valid")
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window)
    return one

# %% exercise="11.9" wrong="the first days are averaged over what there is" says="all entries before are NaN"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[:] = [x[max(0, t - k + 1):t + 1].mean() for t in range(len(x))]
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window)
    return one

# %% exercise="11.9" wrong="the sum is not divided" says="divided by k"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[k - 1:] = np.convolve(x, np.ones(k), "valid")
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window)
    return one

# %% exercise="11.9" wrong="the windows are correlated with one another" says="a + b = s"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[k - 1:] = np.convolve(x, np.full(k, 1 / k), "valid")
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.correlate(one, window, "full")
    return one

# %% exercise="11.9" wrong="the windows are flipped: true convolutions of the series" says="in full length"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[k - 1:] = np.convolve(x, np.full(k, 1 / k), "valid")
    return late

def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window[::-1])
    return one

# %% exercise="11.9" wrong="the average is that of the days before, without the day itself" says="t - k + 1 to t"
def trailing(x, k):
    late = np.full(len(x), np.nan)
    late[k:] = np.convolve(x, np.full(k, 1 / k), "valid")[:-1]
    return late


def merged(windows):
    one = np.ones(1)
    for window in windows:
        one = np.convolve(one, window)
    return one

# %% exercise="11.9" right="running sums, and products of polynomials"
def trailing(x, k):
    total = np.concatenate([[0.0], np.cumsum(x)])
    return np.concatenate([np.full(k - 1, np.nan), (total[k:] - total[:-k]) / k])

def merged(windows):
    product = np.polynomial.Polynomial([1.0])
    for window in windows:
        product = product * np.polynomial.Polynomial(window)
    return product.coef

# %% exercise="11.9" right="loops over days, and dlcore's convolution with a padded kernel"
def trailing(x, k):
    return np.array([np.nan if t < k - 1 else sum(x[t - a] for a in range(k)) / k
                     for t in range(len(x))])

def merged(windows):
    one = windows[0]
    for w in windows[1:]:
        wide = np.pad(one, len(w) - 1)[None, None]
        one = F.conv1d(dl.tensor(wide), w[::-1].copy()[None, None]).numpy()[0, 0]
    return list(one)

# %% exercise="11.9" right="lists"
def trailing(x, k):
    days = range(k - 1, len(x))
    return [float("nan")] * (k - 1) + [sum(x[t - k + 1:t + 1]) / k for t in days]


def merged(windows):
    one = [1.0]
    for window in windows:
        one = np.convolve(window, one).tolist()
    return one

# %% exercise="11.10" wrong="raw pixels, which move" says="same at all places"
def features(images):
    return np.asarray(images, dtype=float).reshape(len(images), -1)

# %% exercise="11.10" wrong="constants, which cannot read" says="convolve first"
def features(images):
    return np.ones((len(images), 10))

# %% exercise="11.10" wrong="padding with zeros, so that a border shows" says="circular borders"
def features(images):
    kernels = np.random.default_rng(0).normal(size=(8, 1, 5, 5))
    x = np.asarray(images, dtype=float)[:, None]
    maps = F.relu(F.conv2d(x, kernels, padding=2)).data
    return maps.mean(axis=(2, 3))

# %% exercise="11.10" wrong="the sum of all pixels and of their squares" says="convolve first"
def features(images):
    x = np.asarray(images, dtype=float)
    return np.stack([x.sum(axis=(1, 2)), (x ** 2).sum(axis=(1, 2))], axis=1)

# %% exercise="11.10" wrong="the first pixels that come are remembered for all that follow" says="seen before"
seen = {}

def features(images):
    return seen.setdefault(len(images), images.reshape(len(images), -1))

# %% exercise="11.10" wrong="the pixels of an image are remembered, and found again by their sorted values" says="seen before"
seen = {}

def features(images):
    rows = images.reshape(len(images), -1)
    return np.stack([seen.setdefault(np.sort(row).tobytes(), row) for row in rows])

# %% exercise="11.10" wrong="the spectrum of the image alone: good, but short of the last points" says="Join the two roads"
def features(images):
    return np.abs(np.fft.fft2(images)).reshape(len(images), -1)

# %% exercise="11.10" right="edges from differences, both signs, and their lowest frequencies"
def features(images):
    x = np.asarray(images, dtype=float)
    maps = []
    for steps in [(0, 1), (1, 0), (1, 1), (1, -1)]:
        edge = np.roll(x, steps, axis=(1, 2)) - x
        maps += [np.maximum(edge, 0), np.maximum(-edge, 0)]
    waves = np.abs(np.fft.rfft2(np.stack(maps, axis=1)))
    low = np.concatenate([waves[:, :, :4, :4], waves[:, :, -3:, :4]], axis=2)
    return low.reshape(len(x), -1)

# %% exercise="11.11" wrong="the biases are forgotten"
answer_11_11 = 8 * 75 + 20 * 72 + 3200

# %% exercise="11.11" wrong="a filter of C3 has one kernel for all channels"
answer_11_11 = 608 + 20 * 9 + 20 + 3210

# %% exercise="11.11" wrong="all kernels are taken for 5×5"
answer_11_11 = 608 + 20 * (8 * 25) + 20 + 3210

# %% exercise="11.11" wrong="the dense layer reads the maps before they are pooled"
answer_11_11 = 608 + 1460 + 20 * 144 * 10 + 10

# %% exercise="11.11" right="a whole number as a float"
answer_11_11 = 5278.0

# %% exercise="11.12" wrong="the uses of a pixel are counted"
answer_11_12 = 9

# %% exercise="11.12" wrong="the pixels of the image are counted"
answer_11_12 = 784

# %% exercise="11.12" wrong="the products of the whole kernel are counted"
answer_11_12 = 9 * 676

# %% exercise="11.12" wrong="the size of the map is off by one"
answer_11_12 = 27 * 27

# %% exercise="11.12" right="computed, as a float"
answer_11_12 = 26.0**2

# %% exercise="11.13" wrong="the kernel is flipped in the forward rule" says="Nothing is flipped"
class Convolve(dl.Function):
    """(N, C, H, W), (F, C, kh, kw), (F,) -> (N, F, H - kh + 1, W - kw + 1)"""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save(x, weight)
        N, _, H, W = x.shape
        F, _, kh, kw = weight.shape
        h, w = H - kh + 1, W - kw + 1
        out = np.zeros((F, N, h, w), x.dtype) + bias[:, None, None, None]
        for a, b in np.ndindex(kh, kw):
            seen = x[:, :, kh - 1 - a:kh - 1 - a + h, kw - 1 - b:kw - 1 - b + w]
            out += np.tensordot(weight[:, :, a, b], seen, (1, 1))
        return out.swapaxes(0, 1)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved
        h, w = grad_out.shape[2:]
        grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
        for a, b in np.ndindex(*weight.shape[2:]):
            seen = x[:, :, a:a + h, b:b + w]
            share = np.tensordot(weight[:, :, a, b], grad_out, (0, 1))
            grad_x[:, :, a:a + h, b:b + w] += share.swapaxes(0, 1)
            axes = ((0, 2, 3), (0, 2, 3))
            grad_weight[:, :, a, b] = np.tensordot(grad_out, seen, axes)
        return grad_x, grad_weight, grad_out.sum((0, 2, 3))

    @staticmethod
    def jvp(ctx, dx, dweight, dbias):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="11.13" wrong="the slopes of the pixels overwrite one another" says="hands on"
class Convolve(dl.Function):
    """(N, C, H, W), (F, C, kh, kw), (F,) -> (N, F, H - kh + 1, W - kw + 1)"""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save(x, weight)
        N, _, H, W = x.shape
        F, _, kh, kw = weight.shape
        h, w = H - kh + 1, W - kw + 1
        out = np.zeros((F, N, h, w), x.dtype) + bias[:, None, None, None]
        for a, b in np.ndindex(kh, kw):
            seen = x[:, :, a:a + h, b:b + w]                 # (N, C, h, w)
            out += np.tensordot(weight[:, :, a, b], seen, (1, 1))
        return out.swapaxes(0, 1)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved
        h, w = grad_out.shape[2:]
        grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
        for a, b in np.ndindex(*weight.shape[2:]):
            seen = x[:, :, a:a + h, b:b + w]
            share = np.tensordot(weight[:, :, a, b], grad_out, (0, 1))
            grad_x[:, :, a:a + h, b:b + w] = share.swapaxes(0, 1)
            axes = ((0, 2, 3), (0, 2, 3))
            grad_weight[:, :, a, b] = np.tensordot(grad_out, seen, axes)
        return grad_x, grad_weight, grad_out.sum((0, 2, 3))

    @staticmethod
    def jvp(ctx, dx, dweight, dbias):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="11.13" wrong="the slopes of the weights are turned round" says="the slope of the weight is"
class Convolve(dl.Function):
    """(N, C, H, W), (F, C, kh, kw), (F,) -> (N, F, H - kh + 1, W - kw + 1)"""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save(x, weight)
        N, _, H, W = x.shape
        F, _, kh, kw = weight.shape
        h, w = H - kh + 1, W - kw + 1
        out = np.zeros((F, N, h, w), x.dtype) + bias[:, None, None, None]
        for a, b in np.ndindex(kh, kw):
            seen = x[:, :, a:a + h, b:b + w]                 # (N, C, h, w)
            out += np.tensordot(weight[:, :, a, b], seen, (1, 1))
        return out.swapaxes(0, 1)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved
        h, w = grad_out.shape[2:]
        grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
        for a, b in np.ndindex(*weight.shape[2:]):
            seen = x[:, :, a:a + h, b:b + w]
            share = np.tensordot(weight[:, :, a, b], grad_out, (0, 1))
            grad_x[:, :, a:a + h, b:b + w] += share.swapaxes(0, 1)
            axes = ((0, 2, 3), (0, 2, 3))
            grad_weight[:, :, -1 - a, -1 - b] = np.tensordot(grad_out, seen, axes)
        return grad_x, grad_weight, grad_out.sum((0, 2, 3))

    @staticmethod
    def jvp(ctx, dx, dweight, dbias):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="11.13" right="windows as a view, and einsum"
class Convolve(dl.Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save(x, weight, bias)
        view = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
        return np.einsum("nchwab,fcab->nfhw", view, weight, optimize=True) + bias.reshape(1, -1, 1, 1)

    @staticmethod
    def backward(ctx, g):
        x, weight, _ = ctx.saved
        kh, kw = weight.shape[2:]
        view = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
        to_w = np.einsum("nchwab,nfhw->fcab", view, g, optimize=True)
        wide = np.pad(g, [(0, 0), (0, 0), (kh - 1,) * 2, (kw - 1,) * 2])
        view = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), (2, 3))
        flipped = weight[:, :, ::-1, ::-1]
        to_x = np.einsum("nfhwab,fcab->nchw", view, flipped, optimize=True)
        return to_x, to_w, g.sum(3).sum(2).sum(0)

    @staticmethod
    def jvp(ctx, *tangents):
        raise NotImplementedError("forward mode is not asked for")
