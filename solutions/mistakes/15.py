# %% [markdown]
# Answers to the exercises of chapter 15: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="15.2" wrong="the biases are forgotten"
answer_15_2 = 4 * 64**2 + 2 * 64 * 256 + 4 * 64

# %% exercise="15.2" right="a whole number as a float"
answer_15_2 = 49984.0

# %% exercise="15.4" wrong="scores are not divided by the root of E" says="Divide by the root of E"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / 1.0
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    e = np.exp(np.where(allowed, scores - scores.max(-1, keepdims=True), -np.inf))
    weights = e / np.maximum(e.sum(-1, keepdims=True), 1e-300)
    return weights @ v, weights

# %% exercise="15.4" wrong="scores are divided by the root of the number of keys" says="the length of a query"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-2])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    e = np.exp(np.where(allowed, scores - scores.max(-1, keepdims=True), -np.inf))
    weights = e / np.maximum(e.sum(-1, keepdims=True), 1e-300)
    return weights @ v, weights

# %% exercise="15.4" wrong="the mask comes after the softmax" says="leave no trace"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    weights = softmax(scores) * allowed
    return weights @ v, weights

# %% exercise="15.4" wrong="a query that may look nowhere looks everywhere" says="divide by 1 instead"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    weights = softmax(np.where(allowed, scores, -1e9))
    return weights @ v, weights

# %% exercise="15.4" wrong="a query that may look nowhere gets NaN" says="divide by 1 instead"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    weights = softmax(np.where(allowed, scores, -np.inf))
    return weights @ v, weights

# %% exercise="15.4" wrong="all axes of the keys are turned round, not the last two" says="which k.T does not"
def attend(q, k, v, allowed=None):
    scores = q @ k.T / np.sqrt(q.shape[-1])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    highest = np.where(allowed, scores, -np.inf).max(-1, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0.0)
    e = np.exp(np.where(allowed, scores - highest, -np.inf))
    total = e.sum(-1, keepdims=True)
    weights = e / np.where(total == 0, 1.0, total)
    return weights @ v, weights

# %% exercise="15.4" wrong="the root of the length of the example" says="whatever it is"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / 2
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    highest = np.where(allowed, scores, -np.inf).max(-1, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0.0)
    e = np.exp(np.where(allowed, scores - highest, -np.inf))
    total = e.sum(-1, keepdims=True)
    weights = e / np.where(total == 0, 1.0, total)
    return weights @ v, weights

# %% exercise="15.4" wrong="the queries that came are scaled themselves" says="a second call must give the same"
def attend(q, k, v, allowed=None):
    scores = np.divide(q, np.sqrt(q.shape[-1]), out=q) @ np.swapaxes(k, -1, -2)
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    highest = np.where(allowed, scores, -np.inf).max(-1, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0.0)
    e = np.exp(np.where(allowed, scores - highest, -np.inf))
    total = e.sum(-1, keepdims=True)
    weights = e / np.where(total == 0, 1.0, total)
    return weights @ v, weights

# %% exercise="15.4" wrong="one largest score for all rows" says="largest score of each row"
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    allowed = np.broadcast_to(allowed, scores.shape)
    highest = scores.max()
    highest = np.where(np.isfinite(highest), highest, 0.0)
    e = np.exp(np.where(allowed, scores - highest, -np.inf))
    total = e.sum(-1, keepdims=True)
    weights = e / np.where(total == 0, 1.0, total)
    return weights @ v, weights

# %% exercise="15.4" right="a plain loop over the rows of the scores"
def attend(q, k, v, allowed=None):
    scores = np.einsum("...le,...se->...ls", q, k) * q.shape[-1] ** -0.5
    seen = np.broadcast_to(True if allowed is None else allowed, scores.shape)
    weights = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        keys = seen[row]
        if keys.any():
            weights[row][keys] = softmax(scores[row][keys])
    return weights @ v, weights

# %% exercise="15.4" right="what is not a number is made nought"
def attend(q, k, v, allowed=True):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    masked = np.where(True if allowed is None else allowed, scores, -np.inf)
    weights = np.nan_to_num(softmax(masked))
    return weights @ v, weights

# %% exercise="15.5" wrong="the diagonal is still one too far" says="moves the diagonal"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tril(np.ones(scores.shape[-2:], bool), 1)
    allowed = causal & ~padding[:, None, :]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" wrong="padding is still masked as queries" says="Padding is a property of the keys"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[:, :, None]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" wrong="the diagonal is one too near: a query does not see itself" says="must still see itself"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tril(np.ones(scores.shape[-2:], bool), -1)
    allowed = causal & ~padding[:, None, :]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" wrong="the mask looks ahead instead of back" says="A later token must not change"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool).T
    allowed = causal & ~padding[:, None, :]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" wrong="a sum of all words so far, whatever the scores" says="weighed by the softmax"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[:, None, :]
    return allowed @ v

# %% exercise="15.5" wrong="the mean of all words so far, whatever the scores" says="weighed by the softmax"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[:, None, :]
    return allowed @ v / allowed.sum(-1, keepdims=True)

# %% exercise="15.5" wrong="the keys are taken for the values" says="weighed by the softmax"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[:, None, :]
    return softmax(np.where(allowed, scores, -1e9)) @ k

# %% exercise="15.5" wrong="the padding of the first sequence for all" says="its own padding"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[0]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" wrong="padding is not hidden at all" says="Padding is a property of the keys"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal[None]
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.5" right="minus infinity, and comparison of places"
def masked_attention(q, k, v, padding):
    scores = np.einsum("nle,nse->nls", q, k) / q.shape[-1] ** 0.5
    place = np.arange(scores.shape[-1])
    hidden = (place[None, :] > place[:, None])[None] | padding[:, None]
    scores[hidden] = -np.inf
    return softmax(scores) @ v

# %% exercise="15.5" right="nothing comes out at padding"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = causal & ~padding[:, None, :]
    return np.where(padding[..., None], 0.0, softmax(np.where(allowed, scores, -1e9)) @ v)

# %% exercise="15.5" right="padding sees itself, so that no row is empty"
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = np.tri(scores.shape[-1], dtype=bool)
    allowed = (causal & ~padding[:, None, :]) | np.eye(scores.shape[-1], dtype=bool)
    return softmax(np.where(allowed, scores, -1e9)) @ v

# %% exercise="15.6" wrong="a reshape alone: the shapes are right, the tokens are mixed" says="cut the last axis in two"
def split_heads(x, heads):
    N, T, E = x.shape
    return x.reshape(N, heads, T, E // heads)

def merge_heads(x):
    N, H, T, d = x.shape
    return x.reshape(N, T, H * d)

# %% exercise="15.6" wrong="merging forgets to exchange the axes" says="exchange the axes first"
def split_heads(x, heads):
    N, T, E = x.shape
    return x.reshape(N, T, heads, E // heads).swapaxes(1, 2)

def merge_heads(x):
    N, H, T, d = x.shape
    return x.reshape(N, T, H * d)

# %% exercise="15.6" wrong="features are dealt out in turn instead of in blocks" says="(N, T, H, E / H)"
def split_heads(x, heads):
    N, T, E = x.shape
    return x.reshape(N, T, E // heads, heads).transpose(0, 3, 1, 2)

def merge_heads(x):
    N, H, T, d = x.shape
    return x.transpose(0, 2, 3, 1).reshape(N, T, H * d)

# %% exercise="15.6" wrong="the heads are dealt out from behind" says="cut the last axis in two"
def split_heads(x, heads):
    N, T, E = x.shape
    d = E // heads
    parts = np.zeros((N, heads, T, d))
    for h in range(heads):
        parts[:, h] = x[:, :, E - (h + 1) * d:E - h * d]
    return parts

def merge_heads(x):
    N, H, T, d = x.shape
    return x[:, ::-1].swapaxes(1, 2).reshape(N, T, H * d)

# %% exercise="15.6" right="slices, stacked and joined"
def split_heads(x, heads):
    return np.stack(np.split(x, heads, axis=2), axis=1)

def merge_heads(x):
    return np.concatenate([x[:, h] for h in range(x.shape[1])], axis=2)

# %% exercise="15.6" right="arrays of floats that are filled"
def split_heads(x, heads):
    N, T, E = x.shape
    d = E // heads
    parts = np.zeros((N, heads, T, d))
    for h in range(heads):
        parts[:, h] = x[:, :, h * d:(h + 1) * d]
    return parts

def merge_heads(x):
    N, H, T, d = x.shape
    return np.swapaxes(x, 1, 2).reshape(N, T, H * d).astype(float)

# %% exercise="15.7" wrong="the first member is overwritten before the second is computed" says="need their old values"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = np.asarray(positions)[:, None] * omega
    even, odd = x[:, ::2], x[:, 1::2]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = out[:, ::2] * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" wrong="both halves turn with the same sign" says="A turn keeps lengths"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = np.asarray(positions)[:, None] * omega
    even, odd = x[:, ::2], x[:, 1::2]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = odd * np.cos(angle) - even * np.sin(angle)
    return out

# %% exercise="15.7" wrong="the frequencies fall at half the rate" says="Its frequency is"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(E // 2) / E)
    angle = np.asarray(positions)[:, None] * omega
    even, odd = x[:, ::2], x[:, 1::2]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" wrong="the turn is written into x itself" says="x must come out of it unchanged"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = np.asarray(positions)[:, None] * omega
    even, odd = x[:, ::2].copy(), x[:, 1::2].copy()
    out = x
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" wrong="the halves of the vector are paired instead of neighbours" says="Features 2i and 2i + 1"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = np.asarray(positions)[:, None] * omega
    even, odd = x[:, : E // 2], x[:, E // 2 :]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" wrong="the tokens are counted, whatever positions came" says="the difference of their angles"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = np.arange(len(x))[:, None] * omega
    even, odd = x[:, ::2], x[:, 1::2]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" wrong="the turn goes the other way round" says="Position 0 changes nothing"
def turn(x, positions):
    E = x.shape[1]
    omega = 10000.0 ** (-np.arange(0, E, 2) / E)
    angle = -np.asarray(positions)[:, None] * omega
    even, odd = x[:, ::2], x[:, 1::2]
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return out

# %% exercise="15.7" right="complex numbers"
def turn(x, positions):
    z = x[:, ::2] + 1j * x[:, 1::2]
    omega = 10000.0 ** (-np.arange(z.shape[1]) / z.shape[1])
    z = z * np.exp(1j * np.outer(positions, omega))
    return np.stack([z.real, z.imag], axis=2).reshape(x.shape)

# %% exercise="15.8" wrong="the labels are not turned round" says="turn the label round"
def teach_not(sentences, labels):
    against = [text.replace(" is ", " is not ") for text in sentences]
    return [*sentences, *against], [*labels, *labels]

# %% exercise="15.8" wrong="praise alone is contradicted" says="Contradict blame"
def teach_not(sentences, labels):
    against = [text.replace(" is ", " is not ") for text in sentences]
    return [*sentences, *(a for a, y in zip(against, labels) if y)], [*labels, *(0 for y in labels if y)]

# %% exercise="15.8" wrong="the plain sentences are left out" says="Keep the plain"
def teach_not(sentences, labels):
    against = [text.replace(" is ", " is not ") for text in sentences]
    return against, [1 - y for y in labels]

# %% exercise="15.8" wrong="not stands before the sentence" says="behind"
def teach_not(sentences, labels):
    against = ["not " + text for text in sentences]
    return [*sentences, *against], [*labels, *(1 - y for y in labels)]

# %% exercise="15.8" right="one after the other, with arrays"
def teach_not(sentences, labels):
    texts, verdicts = [], []
    for text, label in zip(sentences, labels):
        front, adjective = text.rsplit(" ", 1)
        texts += [text, f"{front} not {adjective}"]
        verdicts += [label, not label]
    return texts, np.array(verdicts, dtype=np.int64)

# %% exercise="15.10" wrong="only the remainder of the whole number is asked, and nothing is noted" says="A target at the end alone"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1] @ 10 ** np.arange(t, -1, -1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    read, asked = rng.integers(7, size=notes.shape), silent.copy()
    asked[:, -1] = notes[:, -1]
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" wrong="the digits are added, without the ten" says="10 times as large"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1].sum(1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" wrong="each digit has the weight of its place: six digits only" says="six digits and not thirty"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1] @ 10 ** np.arange(5, 4 - t, -1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" wrong="the number is read from the right" says="10 times as large"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1] @ 10 ** np.arange(t + 1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" wrong="the question stands behind the answer: at the notes" says="At the places of digits"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1] @ 10 ** np.arange(t, -1, -1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    asked, other = silent, notes
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" wrong="the note that is read is that of the digit before" says="what is read in training"
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([x[:, : t + 1] @ 10 ** np.arange(t, -1, -1) % 7 for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    read = np.roll(notes, 1, axis=1)
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets

# %% exercise="15.10" right="remainders of the beginnings, and arrays filled by slices"
def lesson(count, rng):
    x = rng.integers(0, 10, size=(count, 6))
    tokens, targets = np.empty((count, 12), int), np.full((count, 12), -100)
    for t in range(6):
        beginning = np.array([int("".join(map(str, row[: t + 1]))) for row in x])
        tokens[:, 2 * t], tokens[:, 2 * t + 1] = x[:, t], 10 + beginning % 7
        targets[:, 2 * t] = beginning % 7
    return tokens, targets

# %% exercise="15.11" wrong="the mean is taken for a constant" says="through the mean"
def norm_back(g, x, w, eps=1e-5):
    size = np.sqrt(x.var(1, keepdims=True) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / size
    d = g * w
    return (d - (d * x_hat).mean(1, keepdims=True) * x_hat) / size, (g * x_hat).sum(0), g.sum(0)

# %% exercise="15.11" wrong="the spread is taken for a constant" says="through the spread"
def norm_back(g, x, w, eps=1e-5):
    size = np.sqrt(x.var(1, keepdims=True) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / size
    d = g * w
    return (d - d.mean(1, keepdims=True)) / size, (g * x_hat).sum(0), g.sum(0)

# %% exercise="15.11" wrong="the weights are left out of the slope of x" says="g times w"
def norm_back(g, x, w, eps=1e-5):
    size = np.sqrt(x.var(1, keepdims=True) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / size
    d = g
    along = (d * x_hat).mean(1, keepdims=True)
    return (d - d.mean(1, keepdims=True) - along * x_hat) / size, (g * x_hat).sum(0), g.sum(0)

# %% exercise="15.11" wrong="the slope of the weights reads x itself" says="not times x_i"
def norm_back(g, x, w, eps=1e-5):
    size = np.sqrt(x.var(1, keepdims=True) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / size
    d = g * w
    along = (d * x_hat).mean(1, keepdims=True)
    return (d - d.mean(1, keepdims=True) - along * x_hat) / size, (g * x).sum(0), g.sum(0)

# %% exercise="15.11" wrong="eps is left out" says="plus eps"
def norm_back(g, x, w, eps=1e-5):
    size = np.sqrt(x.var(1, keepdims=True))
    x_hat = (x - x.mean(1, keepdims=True)) / size
    d = g * w
    along = (d * x_hat).mean(1, keepdims=True)
    return (d - d.mean(1, keepdims=True) - along * x_hat) / size, (g * x_hat).sum(0), g.sum(0)

# %% exercise="15.11" right="the Jacobian of each token, as a matrix; lists"
def norm_back(g, x, w, eps=1e-5):
    E, to_x, to_w = len(w), [], 0
    for gt, xt in zip(g, x):
        s = (xt.var() + eps) ** 0.5
        hat = (xt - xt.mean()) / s
        jacobian = (np.eye(E) - 1 / E - np.outer(hat, hat) / E) / s
        to_x.append(list(jacobian @ (gt * w)))
        to_w = to_w + gt * hat
    return to_x, list(to_w), list(g.sum(0))

# %% exercise="15.12" wrong="one norm a block"
answer_15_12 = 6

# %% exercise="15.12" wrong="block A is read"
answer_15_12 = 0

# %% exercise="15.12" wrong="one block alone"
answer_15_12 = 2

# %% exercise="15.12" wrong="the norms of both drawings are counted"
answer_15_12 = 24

# %% exercise="15.12" right="a float"
answer_15_12 = 12.0

# %% exercise="15.13" wrong="a layer is taken to reach k - 1 tokens back" says="to the left"
def plain_layers(T, k):
    return -(-(T - 1) // (k - 1))

def dilated_layers(T, k):
    return np.ceil(np.log2(2 * (T - 1) / (k - 1) + 1))

def block_size(E, F):
    return np.int64(4 * E**2 + 2 * E * F + 9 * E + F)

def windowed(q, k, v, reach):
    scores = q @ k.T / q.shape[1] ** 0.5
    places = np.arange(len(q))
    near = abs(places[:, None] - places) <= reach
    return (softmax(np.where(near, scores, -np.inf)) @ v).tolist(), near.sum()

# %% exercise="15.13" wrong="the distance is taken to be T" says="T - 1"
def plain_layers(T, k):
    return -(-T // (k // 2))

# %% exercise="15.13" wrong="the last layer's dilation alone is counted" says="1 + 2 + 4"
def dilated_layers(T, k):
    layers = 0
    while k // 2 * 2**layers < T - 1:
        layers += 1
    return layers

# %% exercise="15.13" wrong="the biases are forgotten" says="with biases"
def block_size(E, F):
    return 4 * E * E + 2 * E * F + 4 * E

# %% exercise="15.13" wrong="a window looks back alone" says="to t + r"
def windowed(q, k, v, reach):
    out, count = np.zeros(v.shape), 0
    for t in range(len(q)):
        near = slice(max(t - reach, 0), t + 1)
        scores = k[near] @ q[t] / np.sqrt(q.shape[1])
        out[t] = softmax(scores) @ v[near]
        count += len(scores)
    return out, count

# %% exercise="15.13" wrong="windows at the ends are counted as whole ones" says="fewer scores"
def windowed(q, k, v, reach):
    scores = q @ k.T / np.sqrt(q.shape[1])
    places = np.arange(len(q))
    far = abs(places[:, None] - places) > reach
    return softmax(np.where(far, -1e9, scores)) @ v, len(q) * (2 * reach + 1)

# %% exercise="15.13" right="logarithms, a mask over all pairs, and whole numbers of NumPy"
def plain_layers(T, k):
    return np.ceil(2 * (T - 1) / (k - 1))

def dilated_layers(T, k):
    return np.ceil(np.log2(2 * (T - 1) / (k - 1) + 1))

def block_size(E, F):
    return np.int64(4 * E**2 + 2 * E * F + 9 * E + F)

def windowed(q, k, v, reach):
    scores = q @ k.T / q.shape[1] ** 0.5
    places = np.arange(len(q))
    near = abs(places[:, None] - places) <= reach
    return (softmax(np.where(near, scores, -np.inf)) @ v).tolist(), near.sum()

# %% exercise="15.14" wrong="the norms stand behind the sums" says="pass through the skips"
class AttentionBlock(nn.Module):
    "A pre-norm block: (N, T, E) -> (N, T, E)."

    def __init__(self, embed_dim, num_heads, dim_feedforward, rng):
        super().__init__()
        def weights(rows, columns):
            values = rng.uniform(-1, 1, (rows, columns)) / np.sqrt(columns)
            return nn.Parameter(values)

        E, F = embed_dim, dim_feedforward
        self.heads = num_heads
        self.project, self.merge = weights(3 * E, E), weights(E, E)
        self.widen, self.narrow = weights(F, E), weights(E, F)
        self.widen_bias = nn.Parameter(np.zeros(F))
        self.narrow_bias = nn.Parameter(np.zeros(E))
        self.gain1, self.shift1 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))
        self.gain2, self.shift2 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))

    def forward(self, x, mask=None):
        u = self.normed(x + self.attend(x, mask), self.gain1, self.shift1)
        h = (u @ self.widen.mT + self.widen_bias).relu()
        h = u + h @ self.narrow.mT + self.narrow_bias
        return self.normed(h, self.gain2, self.shift2)

    def normed(self, x, gain, shift):
        centred = x - x.mean(-1, True)
        return centred / ((centred**2).mean(-1, True) + 1e-5).sqrt() * gain + shift

    def attend(self, x, mask):
        N, T, E = x.shape
        parts = (x @ self.project.mT).reshape(N, T, 3, self.heads, E // self.heads)
        parts = parts.permute(2, 0, 3, 1, 4)                 # (3, N, H, T, E / H)
        q, k, v = parts[0], parts[1], parts[2]
        scores = q @ k.mT / (E // self.heads) ** 0.5
        scores = scores if mask is None else scores + mask   # (N, H, T, T)
        e = (scores - scores.amax(-1, True)).exp()
        out = e / e.sum(-1, True) @ v                        # (N, H, T, E / H)
        return out.permute(0, 2, 1, 3).reshape(N, T, E) @ self.merge.mT

# %% exercise="15.14" wrong="heads are cut by a reshape alone" says="or tokens are mixed"
class AttentionBlock(nn.Module):
    "A pre-norm block: (N, T, E) -> (N, T, E)."

    def __init__(self, embed_dim, num_heads, dim_feedforward, rng):
        super().__init__()
        def weights(rows, columns):
            values = rng.uniform(-1, 1, (rows, columns)) / np.sqrt(columns)
            return nn.Parameter(values)

        E, F = embed_dim, dim_feedforward
        self.heads = num_heads
        self.project, self.merge = weights(3 * E, E), weights(E, E)
        self.widen, self.narrow = weights(F, E), weights(E, F)
        self.widen_bias = nn.Parameter(np.zeros(F))
        self.narrow_bias = nn.Parameter(np.zeros(E))
        self.gain1, self.shift1 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))
        self.gain2, self.shift2 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))

    def forward(self, x, mask=None):
        h = self.normed(x, self.gain1, self.shift1)
        u = x + self.attend(h, mask)
        h = self.normed(u, self.gain2, self.shift2)
        h = (h @ self.widen.mT + self.widen_bias).relu()
        return u + h @ self.narrow.mT + self.narrow_bias

    def normed(self, x, gain, shift):
        centred = x - x.mean(-1, True)
        return centred / ((centred**2).mean(-1, True) + 1e-5).sqrt() * gain + shift

    def attend(self, x, mask):
        N, T, E = x.shape
        parts = (x @ self.project.mT).reshape(3, N, self.heads, T, E // self.heads)
        parts = parts                 # (3, N, H, T, E / H)
        q, k, v = parts[0], parts[1], parts[2]
        scores = q @ k.mT / (E // self.heads) ** 0.5
        scores = scores if mask is None else scores + mask   # (N, H, T, T)
        e = (scores - scores.amax(-1, True)).exp()
        out = e / e.sum(-1, True) @ v                        # (N, H, T, E / H)
        return out.permute(0, 2, 1, 3).reshape(N, T, E) @ self.merge.mT

# %% exercise="15.14" wrong="the mask is left out" says="under a mask as well"
class AttentionBlock(nn.Module):
    "A pre-norm block: (N, T, E) -> (N, T, E)."

    def __init__(self, embed_dim, num_heads, dim_feedforward, rng):
        super().__init__()
        def weights(rows, columns):
            values = rng.uniform(-1, 1, (rows, columns)) / np.sqrt(columns)
            return nn.Parameter(values)

        E, F = embed_dim, dim_feedforward
        self.heads = num_heads
        self.project, self.merge = weights(3 * E, E), weights(E, E)
        self.widen, self.narrow = weights(F, E), weights(E, F)
        self.widen_bias = nn.Parameter(np.zeros(F))
        self.narrow_bias = nn.Parameter(np.zeros(E))
        self.gain1, self.shift1 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))
        self.gain2, self.shift2 = nn.Parameter(np.ones(E)), nn.Parameter(np.zeros(E))

    def forward(self, x, mask=None):
        h = self.normed(x, self.gain1, self.shift1)
        u = x + self.attend(h, mask)
        h = self.normed(u, self.gain2, self.shift2)
        h = (h @ self.widen.mT + self.widen_bias).relu()
        return u + h @ self.narrow.mT + self.narrow_bias

    def normed(self, x, gain, shift):
        centred = x - x.mean(-1, True)
        return centred / ((centred**2).mean(-1, True) + 1e-5).sqrt() * gain + shift

    def attend(self, x, mask):
        N, T, E = x.shape
        parts = (x @ self.project.mT).reshape(N, T, 3, self.heads, E // self.heads)
        parts = parts.permute(2, 0, 3, 1, 4)                 # (3, N, H, T, E / H)
        q, k, v = parts[0], parts[1], parts[2]
        scores = q @ k.mT / (E // self.heads) ** 0.5
        scores = scores   # (N, H, T, T)
        e = (scores - scores.amax(-1, True)).exp()
        out = e / e.sum(-1, True) @ v                        # (N, H, T, E / H)
        return out.permute(0, 2, 1, 3).reshape(N, T, E) @ self.merge.mT

# %% exercise="15.14" right="three maps, heads in a loop, maps as (inputs, outputs) with biases"
class AttentionBlock(nn.Module):
    def __init__(self, embed_dim, num_heads, dim_feedforward, rng):
        super().__init__()
        E, F, self.heads = embed_dim, dim_feedforward, num_heads
        def normal(*shape):
            return nn.Parameter(rng.normal(size=shape) / np.sqrt(shape[0]))
        self.q, self.k, self.v, self.o = (normal(E, E) for _ in range(4))
        self.bq, self.bk, self.bv, self.bo = (nn.Parameter(np.zeros(E)) for _ in range(4))
        self.w1, self.w2 = normal(E, F), normal(F, E)
        self.b1, self.b2 = nn.Parameter(np.zeros(F)), nn.Parameter(np.zeros(E))
        self.g = nn.Parameter(np.ones((2, E)))
        self.s = nn.Parameter(np.zeros((2, E)))

    def norm(self, x, i):
        mean = x.sum(-1, True) / x.shape[-1]
        variance = (x * x).mean(-1, True) - mean * mean
        return (x - mean) * (variance + 1e-5) ** -0.5 * self.g[i] + self.s[i]

    def forward(self, x, mask=None):
        h = self.norm(x, 0)
        q, k, v = h @ self.q + self.bq, h @ self.k + self.bk, h @ self.v + self.bv
        d = x.shape[-1] // self.heads
        u = x + self.bo
        for i in range(self.heads):
            part = slice(i * d, (i + 1) * d)
            scores = q[:, :, part] @ k[:, :, part].transpose(1, 2) * d ** -0.5
            if mask is not None:
                scores = scores + mask
            e = (scores - scores.amax(-1, True)).exp()
            u = u + (e @ v[:, :, part] / e.sum(-1, True)) @ self.o[part]
        return u + (self.norm(u, 1) @ self.w1 + self.b1).relu() @ self.w2 + self.b2
