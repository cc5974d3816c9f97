# %% [markdown]
# Answers to the exercises of chapter 16: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="16.1" wrong="the bits, not the perplexity" says="2 to the power of that mean"
answer_16_1 = 2

# %% exercise="16.1" wrong="the perplexity of the whole word" says="the mean over the four letters"
answer_16_1 = 256

# %% exercise="16.1" wrong="from the mean chance" says="the exponent"
answer_16_1 = 4 / (1 / 32 + 1 + 1 / 4 + 1 / 2)

# %% exercise="16.1" right="computed from the product of the chances"
answer_16_1 = (1 / 32 * 1 * 1 / 4 * 1 / 2) ** (-1 / 4)

# %% exercise="16.2" wrong="the lower perplexity wins, and blanks are forgotten" says="CHARACTERS of a token"
answer_16_2 = {"tokens": "A", "merges": "B", "said": "D"}

# %% exercise="16.2" wrong="the sentences of textbooks are believed" says="An architecture is not a way of training"
answer_16_2 = {"tokens": "D", "merges": "D", "said": "C"}

# %% exercise="16.2" right="small letters and blanks"
answer_16_2 = {"said": " d", "tokens": "b", "merges": "c "}

# %% exercise="16.3" wrong="the highest line is taken for the leak, and more is always better" says="first place that it had never been trained on"
answer_16_3 = {"leak": "C", "short": "A", "longer": "A"}

# %% exercise="16.3" wrong="the jump is taken for the leak" says="colleague's loss"
answer_16_3 = {"leak": "B", "short": "D", "longer": "C"}

# %% exercise="16.3" right="small letters"
answer_16_3 = {"leak": "d", "short": "b", "longer": "b"}

# %% exercise="16.4" wrong="each context hands down to 1/49 at once" says="ALL longer contexts"
def weights(c, k):
    own = [a / (a + b) if a else 0.0 for a, b in zip(c, k)]
    return [1 - sum(own), *own]

# %% exercise="16.4" wrong="shares and what is handed down are exchanged" says="keeps 4/7 for its own shares"
def weights(c, k):
    found = [1.0]
    for seen, kinds in zip(c, k):
        own = kinds / (seen + kinds) if seen else 0.0
        found = [w * (1 - own) for w in found] + [own]
    return found

# %% exercise="16.4" wrong="the longest context comes first" says="in the order"
def weights(c, k):
    found = [1.0]
    for seen, kinds in zip(c, k):
        own = seen / (seen + kinds) if seen else 0.0
        found = [w * (1 - own) for w in found] + [own]
    return found[::-1]

# %% exercise="16.4" wrong="from the longest context down, but the lists are read from the shortest" says="every weight is multiplied"
def weights(c, k):
    found, left = [], 1.0
    for seen, kinds in zip(c, k):
        own = seen / (seen + kinds) if seen else 0.0
        found.append(left * own)
        left *= 1 - own
    return [left, *found]

# %% exercise="16.4" wrong="a context that was never seen divides by zero" says="must not divide by it"
def weights(c, k):
    found = [1.0]
    for seen, kinds in zip(c, k):
        own = seen / (seen + kinds)
        found = [w * (1 - own) for w in found] + [own]
    return found

# %% exercise="16.4" right="products from the longest context down, in an array"
def weights(c, k):
    c, k = np.array(c, dtype=float), np.array(k, dtype=float)
    down = np.where(c > 0, k / np.maximum(c + k, 1), 1.0)
    left = np.append(np.cumprod(down[::-1])[::-1], 1.0)
    return np.append(left[0], (1 - down) * left[1:])

# %% exercise="16.5" wrong="a letter is counted before it is paid" says="Pay first"
def read_on(grams, text):
    bits = []
    for t, x in enumerate(text):
        before = text[max(0, t - grams.n + 1):t]
        for m in range(len(before) + 1):
            h = before[len(before) - m:]
            grams.kinds[h] += grams.count[h + x] == 0
            grams.count[h + x] += 1
            grams.total[h] += 1
        bits.append(-np.log2(grams.interpolated(x, before, grams.n)))
    return np.array(bits)

# %% exercise="16.5" wrong="only the longest piece is counted" says="in every length"
def read_on(grams, text):
    bits = []
    for t, x in enumerate(text):
        before = text[max(0, t - grams.n + 1):t]
        bits.append(-np.log2(grams.interpolated(x, before, grams.n)))
        grams.kinds[before] += grams.count[before + x] == 0
        grams.count[before + x] += 1
        grams.total[before] += 1
    return np.array(bits)

# %% exercise="16.5" wrong="kinds grow with every letter" says="only when the piece is new"
def read_on(grams, text):
    bits = []
    for t, x in enumerate(text):
        before = text[max(0, t - grams.n + 1):t]
        bits.append(-np.log2(grams.interpolated(x, before, grams.n)))
        for m in range(len(before) + 1):
            h = before[len(before) - m:]
            grams.count[h + x] += 1
            grams.total[h] += 1
            grams.kinds[h] += 1
    return np.array(bits)

# %% exercise="16.5" wrong="a context one letter too long is counted, and paid by" says="in every length from 1 to n"
def read_on(grams, text):
    bits = []
    for t, x in enumerate(text):
        before = text[max(0, t - grams.n):t]
        bits.append(-np.log2(grams.interpolated(x, before, grams.n)))
        for m in range(len(before) + 1):
            h = before[len(before) - m:]
            grams.kinds[h] += grams.count[h + x] == 0
            grams.count[h + x] += 1
            grams.total[h] += 1
    return np.array(bits)

# %% exercise="16.5" wrong="nothing is counted" says="goes up by 1 each time"
def read_on(grams, text):
    return np.array([-np.log2(grams.interpolated(x, text[max(0, t - grams.n + 1):t], grams.n))
                     for t, x in enumerate(text)])

# %% exercise="16.5" wrong="the first letters, which lack a context, are neither paid nor counted" says="The first letter is paid"
def read_on(grams, text):
    bits = []
    for t in range(grams.n - 1, len(text)):
        x, before = text[t], text[t - grams.n + 1:t]
        bits.append(-np.log2(grams.interpolated(x, before, grams.n)))
        for m in range(len(before) + 1):
            h = before[len(before) - m:]
            grams.kinds[h] += grams.count[h + x] == 0
            grams.count[h + x] += 1
            grams.total[h] += 1
    return np.array(bits)

# %% exercise="16.5" right="a plain list, slices, and a check by membership"
def read_on(grams, text):
    bits = [0.0] * len(text)
    for t in range(len(text)):
        first = max(0, t + 1 - grams.n)
        bits[t] = -math.log2(grams.interpolated(text[t], text[first:t], grams.n))
        for begin in range(first, t + 1):
            piece = text[begin:t + 1]
            if grams.count.get(piece, 0) < 1:
                grams.kinds[piece[:-1]] = grams.kinds.get(piece[:-1], 0) + 1
            grams.count.update([piece])
            grams.total.update([piece[:-1]])
    return bits

# %% exercise="16.6" wrong="the weight of new words is left out below" says="chance 2/7"
def word_bits(known, new):
    count = Counter(known)
    N, K = len(known), len(count)
    hidden = sum(-np.log2((count[word] or K) / N) for word in new)
    spelled = sum((len(word) + 1) * np.log2(27) for word in new if word not in count)
    characters = sum(len(word) + 1 for word in new)
    return hidden / characters, (hidden + spelled) / characters

# %% exercise="16.6" wrong="the mark for the end is not paid" says="mark for the end"
def word_bits(known, new):
    count = Counter(known)
    N, K = len(known), len(count)
    hidden = sum(-np.log2((count[word] or K) / (N + K)) for word in new)
    spelled = sum(len(word) * np.log2(27) for word in new if word not in count)
    characters = sum(len(word) + 1 for word in new)
    return hidden / characters, (hidden + spelled) / characters

# %% exercise="16.6" wrong="a spelled word need not say <unk> first" says="costs -log2(3/7)"
def word_bits(known, new):
    count = Counter(known)
    N, K = len(known), len(count)
    hidden = sum(-np.log2((count[word] or K) / (N + K)) for word in new)
    paid = sum((len(word) + 1) * np.log2(27) if word not in count
               else -np.log2(count[word] / (N + K)) for word in new)
    characters = sum(len(word) + 1 for word in new)
    return hidden / characters, paid / characters

# %% exercise="16.6" wrong="bits per word" says="4 + 4 characters"
def word_bits(known, new):
    count = Counter(known)
    N, K = len(known), len(count)
    hidden = sum(-np.log2((count[word] or K) / (N + K)) for word in new)
    spelled = sum((len(word) + 1) * np.log2(27) for word in new if word not in count)
    return hidden / len(new), (hidden + spelled) / len(new)

# %% exercise="16.6" wrong="the mean of the words' own bits per character" says="not word by word"
def word_bits(known, new):
    count = Counter(known)
    N, K = len(known), len(count)
    hidden = [-np.log2((count[word] or K) / (N + K)) / (len(word) + 1) for word in new]
    spelled = [np.log2(27) * (word not in count) for word in new]
    return np.mean(hidden), np.mean(hidden) + np.mean(spelled)

# %% exercise="16.6" right="a loop over chances, and an array"
def word_bits(known, new):
    kinds = sorted(set(known))
    times = {word: known.count(word) for word in kinds} if len(known) < 500 else Counter(known)
    total, extra, length_ = 0.0, 0.0, len(new) + len("".join(new))
    for word in new:
        chance = times.get(word, len(kinds)) / (len(known) + len(kinds))
        total += math.log(1 / chance, 2)
        extra += 0 if word in times else math.log(27 ** (len(word) + 1), 2)
    return np.array([total, total + extra]) / length_

# %% exercise="16.7" wrong="the target is still what is read" says="the one that is read there, or the next"
def measured(model, tokens, block=8):
    starts = np.arange(0, len(tokens) - block, block // 2)
    places = starts[:, None] + np.arange(block)
    p = softmax(model(tokens[places]).data)
    right = np.take_along_axis(p, tokens[places][..., None], 2)
    return -np.log2(right[..., 0][:, block // 2:]).mean()

# %% exercise="16.7" wrong="nats" says="measures in nats"
def measured(model, tokens, block=8):
    starts = np.arange(0, len(tokens) - block, block // 2)
    places = starts[:, None] + np.arange(block)
    p = softmax(model(tokens[places]).data)
    right = np.take_along_axis(p, tokens[places + 1][..., None], 2)
    return -np.log(right[..., 0][:, block // 2:]).mean()

# %% exercise="16.7" wrong="the logarithm of the mean chance" says="logarithm of the mean chance"
def measured(model, tokens, block=8):
    starts = np.arange(0, len(tokens) - block, block // 2)
    places = starts[:, None] + np.arange(block)
    p = softmax(model(tokens[places]).data)
    right = np.take_along_axis(p, tokens[places + 1][..., None], 2)
    return -np.log2(right[..., 0][:, block // 2:].mean())

# %% exercise="16.7" wrong="the whole window counts" says="later half of each window only"
def measured(model, tokens, block=8):
    starts = np.arange(0, len(tokens) - block, block // 2)
    places = starts[:, None] + np.arange(block)
    p = softmax(model(tokens[places]).data)
    right = np.take_along_axis(p, tokens[places + 1][..., None], 2)
    return -np.log2(right[..., 0]).mean()

# %% exercise="16.7" wrong="the letter before is asked" says="the one AFTER it"
def measured(model, tokens, block=8):
    starts = np.arange(1, len(tokens) - block, block // 2)
    places = starts[:, None] + np.arange(block)
    p = softmax(model(tokens[places]).data)
    right = np.take_along_axis(p, tokens[places - 1][..., None], 2)
    return -np.log2(right[..., 0][:, block // 2:]).mean()

# %% exercise="16.7" right="a loop over windows and places"
def measured(model, tokens, block=8):
    bits = []
    for start in range(0, len(tokens) - block, block // 2):
        z = model(tokens[start:start + block][None]).data[0]
        for t in range(block // 2, block):
            logs = z[t] - np.log(np.exp(z[t]).sum())
            bits.append(-logs[tokens[start + t + 1]] / math.log(2))
    return float(np.mean(bits))

# %% exercise="16.8" wrong="the letter that crosses the bound is dropped" says="keeps three letters"
def kept(z, temperature, top_p):
    p = softmax(z / temperature)
    order = np.argsort(-p, axis=1)
    sums = np.cumsum(np.take_along_axis(p, order, 1), 1)
    stays = np.empty(p.shape, bool)
    np.put_along_axis(stays, order, sums <= top_p, 1)
    p = np.where(stays, p, 0)
    return p / np.maximum(p.sum(1, keepdims=True), 1e-9)

# %% exercise="16.8" wrong="what stays is not divided by its sum" says="divided by its own sum"
def kept(z, temperature, top_p):
    p = softmax(z / temperature)
    order = np.argsort(-p, axis=1)
    in_order = np.take_along_axis(p, order, 1)
    stays = np.empty(p.shape, bool)
    np.put_along_axis(stays, order, np.cumsum(in_order, 1) - in_order < top_p, 1)
    return np.where(stays, p, 0)

# %% exercise="16.8" wrong="the likeliest letter comes first and stays there" says="goes back to its place"
def kept(z, temperature, top_p):
    p = -np.sort(-softmax(z / temperature), axis=1)
    p = np.where(np.cumsum(p, 1) - p < top_p, p, 0)
    return p / p.sum(1, keepdims=True)

# %% exercise="16.8" wrong="the temperature comes after the rule" says="The temperature comes first"
def kept(z, temperature, top_p):
    p = softmax(z)
    order = np.argsort(-p, axis=1)
    in_order = np.take_along_axis(p, order, 1)
    stays = np.empty(p.shape, bool)
    np.put_along_axis(stays, order, np.cumsum(in_order, 1) - in_order < top_p, 1)
    return softmax(np.where(stays, z, -np.inf) / temperature)

# %% exercise="16.8" wrong="the order of the first row for all" says="an order of its own"
def kept(z, temperature, top_p):
    p = softmax(z / temperature)
    order = np.argsort(-p[0])
    in_order = p[:, order]
    stays = np.empty(p.shape, bool)
    stays[:, order] = np.cumsum(in_order, 1) - in_order < top_p
    p = np.where(stays, p, 0)
    return p / p.sum(1, keepdims=True)

# %% exercise="16.8" wrong="each exponential as it is" says="takes the largest score off"
def kept(z, temperature, top_p):
    p = np.exp(z / temperature)
    p = p / p.sum(1, keepdims=True)
    order = np.argsort(-p, axis=1)
    in_order = np.take_along_axis(p, order, 1)
    stays = np.empty(p.shape, bool)
    np.put_along_axis(stays, order, np.cumsum(in_order, 1) - in_order < top_p, 1)
    p = np.where(stays, p, 0)
    return p / p.sum(1, keepdims=True)

# %% exercise="16.8" wrong="the scores that came are divided in place" says="The temperature comes first"
def kept(z, temperature, top_p):
    z /= temperature
    p = softmax(z)
    order = np.argsort(-p, axis=1)
    in_order = np.take_along_axis(p, order, 1)
    stays = np.empty(p.shape, bool)
    np.put_along_axis(stays, order, np.cumsum(in_order, 1) - in_order < top_p, 1)
    p = np.where(stays, p, 0)
    return p / p.sum(1, keepdims=True)

# %% exercise="16.8" right="a loop over rows, and lists"
def kept(z, temperature, top_p):
    rows = []
    for scores in z:
        p = np.exp((scores - scores.max()) / temperature)
        p, own, total = p / p.sum(), [0.0] * len(scores), 0.0
        for i in np.argsort(p)[::-1]:
            if total < top_p:
                own[i] = p[i]
            total += p[i]
        rows.append([value / sum(own) for value in own])
    return rows

# %% exercise="16.9" wrong="the head is counted a second time" says="counted once, though it is used twice"
def perceptron(T, V):
    return T * V * V + V, T * V * V

def transformer(T, L, E, H, V):
    return (12 * L * E**2 + 2 * V * E + T * E, 12 * L * E**2 + 2 * L * E * T + E * V, L * H * T**2)

# %% exercise="16.9" wrong="each step looks at all pairs, as without the cache" says="for each place that is looked at"
def perceptron(T, V):
    return T * V * V + V, T * V * V

def transformer(T, L, E, H, V):
    return (12 * L * E**2 + V * E + T * E, 12 * L * E**2 + 2 * L * E * T**2 + E * V, L * H * T**2)

# %% exercise="16.9" wrong="biases of the perceptron are multiplied, and one row of weights serves all outputs" says="12 L E"
def perceptron(T, V):
    return T * V + 1, T * V + 1

def transformer(T, L, E, H, V):
    return (12 * L * E**2 + V * E + T * E, 12 * L * E**2 + L * E * T + E * V, L * H * T**2)

# %% exercise="16.9" wrong="the tables of one head alone are kept" says="Which parts know T"
def perceptron(T, V):
    return T * V * V + V, T * V * V

def transformer(T, L, E, H, V):
    return (12 * L * E**2 + V * E + T * E, 12 * L * E**2 + 2 * L * E * T + E * V, L * E * T)

# %% exercise="16.9" right="counted layer by layer, in arrays and floats"
def perceptron(T, V):
    weights = np.empty((V, T * V))
    return np.array([weights.size + V, weights.size], dtype=float)

def transformer(T, L, E, H, V):
    maps = L * (4 * E * E + 2 * E * 4 * E)
    return [maps + (V + T) * E, maps + L * 2 * H * (E / H) * T + V * E, float(L * H * T * T)]

# %% exercise="16.11" wrong="the first sentences that fit" says="Which single sentence saves most"
def summary(sentences, limit, saved):
    chosen, used = [], 0
    for i, sentence in enumerate(sentences):
        if used + len(sentence) <= limit:
            chosen, used = [*chosen, i], used + len(sentence)
    return chosen

# %% exercise="16.11" wrong="those with most common words" says="if the first has been read"
def summary(sentences, limit, saved):
    count = Counter(re.findall("[a-z]{4,}", " ".join(sentences)))
    worth = [sum(count[w] for w in set(re.findall("[a-z]{4,}", s))) / len(s) for s in sentences]
    chosen, used = [], 0
    for i in np.argsort(worth)[::-1]:
        if used + len(sentences[i]) <= limit:
            chosen, used = [*chosen, i], used + len(sentences[i])
    return chosen

# %% exercise="16.11" wrong="one after the other, the best each time: right, but short of the last points" says="exchange one of the chosen"
def summary(sentences, limit, saved):
    chosen = []
    while True:
        left = limit - sum(len(sentences[i]) for i in chosen)
        fit = [i for i in range(len(sentences)) if i not in chosen and len(sentences[i]) <= left]
        best = max(fit, key=lambda i: saved([*chosen, i]), default=None)
        if best is None or chosen and saved([*chosen, best]) <= saved(chosen):
            return chosen
        chosen.append(best)

# %% exercise="16.11" wrong="more characters than the limit" says="stays within the limit"
def summary(sentences, limit, saved):
    return list(range(len(sentences) - 1))

# %% exercise="16.11" right="the best of many at random, in an array"
def summary(sentences, limit, saved):
    rng, best, found = np.random.default_rng(3), -1.0, None
    for _ in range(1200):
        order = rng.permutation(len(sentences))
        ends = np.cumsum([len(sentences[i]) for i in order])
        chosen = order[ends <= limit]
        if len(chosen) and saved(list(chosen)) > best:
            best, found = saved(list(chosen)), chosen
    return found

# %% exercise="16.12" wrong="the mask is off by one: each place sees the next" says="nothing before"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.heads = num_heads
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        N, T, E = x.shape
        q, k, v = ((x @ w).reshape(N, T, self.heads, -1).permute(0, 2, 1, 3)
                   for w in (self.q, self.k, self.v))
        scores = q @ k.mT / (E // self.heads) ** 0.5 + np.where(np.tri(T, T, 1), 0.0, -1e9)
        e = (scores - scores.amax(-1, True)).exp()
        return (e / e.sum(-1, True) @ v).permute(0, 2, 1, 3).reshape(N, T, E) @ self.o

# %% exercise="16.12" wrong="heads are cut by a reshape alone: places are mixed" says="a reshape alone mixes places"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.heads = num_heads
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        N, T, E = x.shape
        q, k, v = ((x @ w).reshape(N, self.heads, T, E // self.heads)
                   for w in (self.q, self.k, self.v))
        scores = q @ k.mT / (E // self.heads) ** 0.5 + np.where(np.tri(T), 0.0, -1e9)
        e = (scores - scores.amax(-1, True)).exp()
        return (e / e.sum(-1, True) @ v).permute(0, 2, 1, 3).reshape(N, T, E) @ self.o

# %% exercise="16.12" wrong="the softmax runs over the queries" says="the last axis of the scores"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.heads = num_heads
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        N, T, E = x.shape
        q, k, v = ((x @ w).reshape(N, T, self.heads, -1).permute(0, 2, 1, 3)
                   for w in (self.q, self.k, self.v))
        scores = q @ k.mT / (E // self.heads) ** 0.5 + np.where(np.tri(T), 0.0, -1e9)
        e = (scores - scores.amax(-2, True)).exp()
        return (e / e.sum(-2, True) @ v).permute(0, 2, 1, 3).reshape(N, T, E) @ self.o

# %% exercise="16.12" wrong="one head, whatever is asked for" says="is num_heads used"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        N, T, E = x.shape
        scores = x @ self.q @ (x @ self.k).mT / E**0.5 + np.where(np.tri(T), 0.0, -1e9)
        e = (scores - scores.amax(-1, True)).exp()
        return e / e.sum(-1, True) @ (x @ self.v) @ self.o

# %% exercise="16.12" wrong="the mean of all letters so far: nobody is looked for" says="each must get a slope"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        T = x.shape[1]
        return np.tri(T) / np.arange(1, T + 1)[:, None] @ (x @ self.v) @ self.o

# %% exercise="16.12" right="a loop over the heads, one matrix for three maps, and biases"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        bound = np.sqrt(3 / embed_dim)
        self.heads, self.width = num_heads, embed_dim // num_heads
        self.inside = nn.Parameter(rng.uniform(-bound, bound, (embed_dim, 3 * embed_dim)))
        self.bias = nn.Parameter(np.zeros(3 * embed_dim))
        self.merge = nn.Parameter(rng.uniform(-bound, bound, (num_heads, self.width, embed_dim)))
        self.shift = nn.Parameter(np.zeros(embed_dim))

    def forward(self, x):
        parts, E, D = x @ self.inside + self.bias, x.shape[-1], self.width
        later, out = np.triu(np.full((x.shape[1],) * 2, -1e9), 1), self.shift
        for start in range(0, E, D):
            q, k, v = (parts[:, :, n * E + start:n * E + start + D] for n in range(3))
            scores = q @ k.transpose(1, 2) * D**-0.5 + later
            e = (scores - scores.data.max(-1, keepdims=True)).exp()
            out = out + e / e.sum(-1, True) @ v @ self.merge[start // D]
        return out

# %% exercise="16.12" wrong="each place sees itself alone" says="its own place included"
class CausalAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, rng):
        super().__init__()
        self.heads = num_heads
        self.q, self.k, self.v, self.o = (
            nn.Parameter(rng.normal(0, embed_dim**-0.5, (embed_dim, embed_dim))) for _ in range(4))

    def forward(self, x):
        N, T, E = x.shape
        q, k, v = ((x @ w).reshape(N, T, self.heads, -1).permute(0, 2, 1, 3)
                   for w in (self.q, self.k, self.v))
        scores = q @ k.mT / (E // self.heads) ** 0.5 + np.where(np.eye(T), 0.0, -1e9)
        e = (scores - scores.amax(-1, True)).exp()
        return (e / e.sum(-1, True) @ v).permute(0, 2, 1, 3).reshape(N, T, E) @ self.o
