# %% [markdown]
# Answers to the exercises of chapter 14: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="14.1" wrong="one bias for each part" says="how many biases"
answer_14_1 = 448

# %% exercise="14.1" wrong="one part is forgotten, as in a GRU" says="How many parts"
answer_14_1 = 360

# %% exercise="14.1" wrong="one part alone" says="How many parts"
answer_14_1 = 120

# %% exercise="14.1" right="a float, computed"
answer_14_1 = 4.0 * (8 * 5 + 8 * 8 + 2 * 8)

# %% exercise="14.2" wrong="the bare input is written" says="has a name in Section 14.3"
answer_14_2 = {"piece": "A", "without": "B", "gru": "A"}

# %% exercise="14.2" wrong="a sigmoid is written" says="may be negative"
answer_14_2 = {"piece": "D", "without": "A", "gru": "A"}

# %% exercise="14.2" wrong="z and 1 - z are exchanged" says="does z multiply"
answer_14_2 = {"piece": "C", "without": "B", "gru": "B"}

# %% exercise="14.2" right="small letters and blanks"
answer_14_2 = {"gru": "a ", "piece": "c", "without": " b"}

# %% exercise="14.3" wrong="the pencil is taken for the eraser" says="near 1 or near 0"
answer_14_3 = {"eraser": "C", "note": "C", "dark": "B"}

# %% exercise="14.3" wrong="the note is thought to keep the sum" says="at the next mark"
answer_14_3 = {"eraser": "B", "note": "B", "dark": "B"}

# %% exercise="14.3" wrong="what is not shown is thought to be gone" says="Which of the two factors"
answer_14_3 = {"eraser": "B", "note": "D", "dark": "A"}

# %% exercise="14.3" right="small letters and blanks"
answer_14_3 = {"dark": "b", "eraser": " b", "note": "c "}

# %% exercise="14.4" wrong="the eraser never wipes" says="which gate does that"
W, U, b, factor = [[0, 40], [0, 0], [0.02, 0], [0, 0]], np.zeros((4, 1)), [-20, 20, 0, 20], 50

# %% exercise="14.4" wrong="the gates are not shut firmly" says="a gate at 0.95 is not open"
W, U, b, factor = [[0, 6], [0, -6], [0.02, 0], [0, 0]], np.zeros((4, 1)), [-3, 3, 0, 3], 50

# %% exercise="14.4" wrong="candidate and lamp are exchanged" says="Rows go pencil, eraser, candidate, lamp"
W, U, b, factor = [[0, 40], [0, -40], [0, 0], [0.02, 0]], np.zeros((4, 1)), [-20, 20, 20, 0], 50

# %% exercise="14.4" wrong="the number itself goes into the tanh" says="the less it bends"
W, U, b, factor = [[0, 40], [0, -40], [1, 0], [0, 0]], np.zeros((4, 1)), [-20, 20, 0, 20], 1.35

# %% exercise="14.4" wrong="the pencil has no bias, so that it is half down elsewhere" says="must beat its bias"
W, U, b, factor = [[0, 40], [0, -40], [0.02, 0], [0, 0]], np.zeros((4, 1)), [0, 20, 0, 20], 50

# %% exercise="14.4" right="turned signs, arrays, and a lamp that is half on"
W, U = np.array([[0, 99], [0, -99], [-0.01, 0], [0, 0]]), np.zeros((4, 1))
b, factor = np.array([-50, 50, 0, 0.0]), -200

# %% exercise="14.4" right="a U that hardly matters, in lists"
W, U, b, factor = [[0.1, 60], [0.1, -60], [1e-3, 0], [0, 1]], [[1e-6]] * 4, (-30, 30, 0, 30), 1e3

# %% exercise="14.5" wrong="what comes back through h is forgotten" says="comes back through h"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    sums = [dc * new * i * (1 - i), dc * c_old * f * (1 - f),
            dc * i * (1 - new**2), dh * shown * o * (1 - o)]
    return dc * f, np.hstack(sums)

# %% exercise="14.5" wrong="the slope of the sigmoid is left out" says="g (1 - g)"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    dc = dc + dh * o * (1 - shown**2)
    sums = [dc * new, dc * c_old,
            dc * i * (1 - new**2), dh * shown]
    return dc * f, np.hstack(sums)

# %% exercise="14.5" wrong="the slope of tanh is taken at c squared" says="1 - tanh²"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    dc = dc + dh * o * (1 - c**2)
    sums = [dc * new * i * (1 - i), dc * c_old * f * (1 - f),
            dc * i * (1 - new**2), dh * shown * o * (1 - o)]
    return dc * f, np.hstack(sums)

# %% exercise="14.5" wrong="lamp and candidate are exchanged" says="pencil, eraser, candidate, lamp"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    dc = dc + dh * o * (1 - shown**2)
    sums = [dc * new * i * (1 - i), dc * c_old * f * (1 - f),
            dh * shown * o * (1 - o), dc * i * (1 - new**2)]
    return dc * f, np.hstack(sums)

# %% exercise="14.5" wrong="the four sums interleaved unit by unit" says="each H wide"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    dc = dc + dh * o * (1 - shown**2)
    sums = [dc * new * i * (1 - i), dc * c_old * f * (1 - f),
            dc * i * (1 - new**2), dh * shown * o * (1 - o)]
    return dc * f, np.stack(sums, axis=2).reshape(len(dh), -1)

# %% exercise="14.5" wrong="an argument is changed" says="stay as they are"
def step_back(dh, dc, c_old, i, f, new, o, c):
    shown = np.tanh(c)
    dc += dh * o * (1 - shown**2)
    sums = [dc * new * i * (1 - i), dc * c_old * f * (1 - f),
            dc * i * (1 - new**2), dh * shown * o * (1 - o)]
    return dc * f, np.hstack(sums)

# %% exercise="14.5" right="loops over sequences and units, and lists"
def step_back(dh, dc, c_old, i, f, new, o, c):
    N, H = dh.shape
    to_note, to_sums = [[0.0] * H for _ in range(N)], [[0.0] * (4 * H) for _ in range(N)]
    for n in range(N):
        for k in range(H):
            s = np.tanh(c[n, k])
            g = dc[n, k] + dh[n, k] * o[n, k] / np.cosh(c[n, k]) ** 2
            to_note[n][k] = g * f[n, k]
            to_sums[n][k] = g * new[n, k] * (i[n, k] - i[n, k] ** 2)
            to_sums[n][H + k] = g * c_old[n, k] * (f[n, k] - f[n, k] ** 2)
            to_sums[n][2 * H + k] = g * i[n, k] * (1 - new[n, k]) * (1 + new[n, k])
            to_sums[n][3 * H + k] = dh[n, k] * s * (o[n, k] - o[n, k] ** 2)
    return np.array(to_note), to_sums

# %% exercise="14.6" wrong="only the pair is mended" says="stand still when it reads zeros"
def context(layer, x, lengths):
    h = c = np.zeros((len(x), layer.hidden_size))
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, *weights_of(layer))
    return h, c

# %% exercise="14.6" wrong="only the padding is mended" says="starts from a pair"
def context(layer, x, lengths):
    h = c = np.zeros((len(x), layer.hidden_size))
    for t in range(x.shape[1]):
        next_h, next_c = lstm_step(x[:, t], h, c, *weights_of(layer))
        reads = (t < lengths)[:, None]
        h, c = np.where(reads, next_h, h), np.where(reads, next_c, c)
    return h, h

# %% exercise="14.6" wrong="one word too many is read" says="after its last word"
def context(layer, x, lengths):
    h = c = np.zeros((len(x), layer.hidden_size))
    for t in range(x.shape[1]):
        next_h, next_c = lstm_step(x[:, t], h, c, *weights_of(layer))
        reads = (t <= lengths)[:, None]
        h, c = np.where(reads, next_h, h), np.where(reads, next_c, c)
    return h, c

# %% exercise="14.6" wrong="all stop with the shortest" says="A sentence that has ended"
def context(layer, x, lengths):
    h = c = np.zeros((len(x), layer.hidden_size))
    for t in range(min(lengths)):
        next_h, next_c = lstm_step(x[:, t], h, c, *weights_of(layer))
        reads = (t < lengths)[:, None]
        h, c = np.where(reads, next_h, h), np.where(reads, next_c, c)
    return h, c

# %% exercise="14.6" wrong="h keeps its place, but the note goes on" says="keep its place"
def context(layer, x, lengths):
    h = c = np.zeros((len(x), layer.hidden_size))
    for t in range(x.shape[1]):
        next_h, next_c = lstm_step(x[:, t], h, c, *weights_of(layer))
        reads = (t < lengths)[:, None]
        h, c = np.where(reads, next_h, h), next_c
    return h, c

# %% exercise="14.6" right="each sentence alone, in lists"
def context(layer, x, lengths):
    found = []
    for sentence, length in zip(x, lengths):
        h = c = np.zeros((1, layer.hidden_size))
        for word in sentence[:length]:
            h, c = lstm_step(word[None], h, c, *weights_of(layer))
        found.append((h[0], c[0]))
    return [h for h, _ in found], [c for _, c in found]

# %% exercise="14.6" right="dlcore's layer, which is told the lengths"
def context(layer, x, lengths):
    _, (h, c) = layer(dl.tensor(x.astype(np.float32)), lengths=lengths)
    return h.data[0], c.data[0]

# %% exercise="14.7" wrong="the target is not shifted: it learns to repeat" says="FOLLOWS"
def accuracy_after(kind, lr, seed, epochs=50):
    rng = np.random.default_rng(seed)
    net = Next(kind, rng)
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        for rows in rng.permutation(30).reshape(6, 5):
            x = TRAIN[rows]
            optimizer.zero_grad()
            scores = net(x[:, :-1])[:, 1:]
            F.cross_entropy(scores.mT, x[:, 1:-1]).backward()
            optimizer.step()
    with dl.no_grad():
        said = net(TEST[:, :-1]).data[:, 1:].argmax(2)
    return (said == TEST[:, 2:]).mean()

# %% exercise="14.7" wrong="one batch of 30 an epoch" says="each of the 6 batches"
def accuracy_after(kind, lr, seed, epochs=50):
    rng = np.random.default_rng(seed)
    net = Next(kind, rng)
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        for rows in rng.permutation(30).reshape(1, 30):
            x = TRAIN[rows]
            optimizer.zero_grad()
            scores = net(x[:, :-1])[:, 1:]
            F.cross_entropy(scores.mT, x[:, 2:]).backward()
            optimizer.step()
    with dl.no_grad():
        said = net(TEST[:, :-1]).data[:, 1:].argmax(2)
    return (said == TEST[:, 2:]).mean()

# %% exercise="14.7" wrong="the test is in the lesson" says="in the lesson"
def accuracy_after(kind, lr, seed, epochs=50):
    rng = np.random.default_rng(seed)
    net = Next(kind, rng)
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        for rows in rng.permutation(40).reshape(8, 5):
            x = ALL[rows]
            optimizer.zero_grad()
            scores = net(x[:, :-1])[:, 1:]
            F.cross_entropy(scores.mT, x[:, 2:]).backward()
            optimizer.step()
    with dl.no_grad():
        said = net(TEST[:, :-1]).data[:, 1:].argmax(2)
    return (said == TEST[:, 2:]).mean()

# %% exercise="14.7" wrong="the second number counts as well, in the lesson and in the share" says="a whole number of seventieths"
def accuracy_after(kind, lr, seed, epochs=50):
    rng = np.random.default_rng(seed)
    net = Next(kind, rng)
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        for rows in rng.permutation(30).reshape(6, 5):
            x = TRAIN[rows]
            optimizer.zero_grad()
            F.cross_entropy(net(x[:, :-1]).mT, x[:, 1:]).backward()
            optimizer.step()
    with dl.no_grad():
        said = net(TEST[:, :-1]).data.argmax(2)
    return (said == TEST[:, 1:]).mean()

# %% exercise="14.7" right="a loop over the numbers that count, and a share as a fraction"
def accuracy_after(kind, lr, seed, epochs=50):
    rng = np.random.default_rng(seed)
    net = Next(kind, rng)
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        order = rng.permutation(30)
        for k in range(0, 30, 5):
            x = TRAIN[order[k:k + 5]]
            scores = net(x)
            optimizer.zero_grad()
            loss = sum(F.cross_entropy(scores[:, t], x[:, t + 1]) for t in range(1, 8)) / 7
            loss.backward()
            optimizer.step()
    said = net(TEST).data.argmax(2)
    return sum(int(s == y) for a, b in zip(said, TEST) for s, y in zip(a[1:-1], b[2:])) / 70

# %% exercise="14.8" wrong="the length is forgotten" says="1 - 5/4"
answer_14_8 = 0.5

# %% exercise="14.8" wrong="dort counts twice" says="stands only once"
answer_14_8 = (1 / 3) ** 0.5 * 0.7788

# %% exercise="14.8" wrong="the arithmetic mean" says="take the root"
answer_14_8 = (3 / 4 + 1 / 3) / 2 * 0.7788

# %% exercise="14.8" wrong="chien dort is counted as a pair" says="side by side"
answer_14_8 = (3 / 4 * 2 / 3) ** 0.5 * 0.7788

# %% exercise="14.8" right="computed with NumPy"
answer_14_8 = np.sqrt(3 / 12) * np.exp(-1 / 4)

# %% exercise="14.9" wrong="finished sentences take places among the kept" says="take no place among them"
def search(table, width, power):
    kept = [(0.0, ["<s>"])]
    for _ in range(8):
        grown = []
        for total, words in kept:
            if words[-1] == "</s>":
                grown.append((total, words))
                continue
            grown += [(total + np.log(p), [*words, word])
                      for word, p in table[words[-1]].items()]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    return max(kept, key=lambda one: one[0] / (len(one[1]) - 1) ** power)[1][1:]

# %% exercise="14.9" wrong="the first finished sentence is taken" says="likeliest finished sentence"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in table[words[-1]].items()]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        if finished:
            break
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] / (len(one[1]) - 1) ** power)
    return best[1][1:]

# %% exercise="14.9" wrong="<s> is counted as a word" says="without <s>"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in table[words[-1]].items()]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] / len(one[1]) ** power)
    return best[1][1:]

# %% exercise="14.9" wrong="</s> is not counted as a word" says="with </s>"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in table[words[-1]].items()]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] / max(len(one[1]) - 2, 1) ** power)
    return best[1][1:]

# %% exercise="14.9" wrong="the length multiplies" says="Divide by the length"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in table[words[-1]].items()]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] * (len(one[1]) - 1) ** power)
    return best[1][1:]

# %% exercise="14.9" wrong="the logarithm is divided, but the length is not raised to the power" says="raised to the power"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in table[words[-1]].items()]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] / ((len(one[1]) - 1) if power else 1))
    return best[1][1:]

# %% exercise="14.9" wrong="from each beginning only the likeliest word goes on" says="need not begin"
def search(table, width, power):
    kept, finished = [(0.0, ["<s>"])], []
    for _ in range(8):
        grown = [(total + np.log(p), [*words, word])
                 for total, words in kept
                 for word, p in [max(table[words[-1]].items(), key=lambda one: one[1])]]
        finished += [one for one in grown if one[1][-1] == "</s>"]
        grown = [one for one in grown if one[1][-1] != "</s>"]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    best = max(finished, key=lambda one: one[0] / (len(one[1]) - 1) ** power)
    return best[1][1:]

# %% exercise="14.9" right="probabilities are multiplied, and tuples sorted"
def search(table, width, power):
    kept, finished = {("<s>",): 1.0}, {}
    for _ in range(8):
        grown = {}
        for words, chance in kept.items():
            for word in table[words[-1]]:
                place = finished if word == "</s>" else grown
                place[(*words, word)] = chance * table[words[-1]][word]
        kept = dict(sorted(grown.items(), key=lambda one: one[1])[-width:])
    scores = [(np.log(p) * len(words[1:]) ** -float(power), words)
              for words, p in finished.items()]
    return list(sorted(scores)[-1][1])[1:]

# %% exercise="14.11" wrong="a plain cell" says="Which cells can hold a clue"
def learn(batches, rng):
    net = Recaller(nn.RNN, 16, rng)
    optimizer = optim.Adam(net.parameters(), lr=0.003)
    for x, y in batches:
        optimizer.zero_grad()
        ((net(dl.tensor(x)) - y) ** 2).mean().backward()
        optim.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
    return net

# %% exercise="14.11" wrong="a GRU at a small rate, which passes no threshold" says="each must be large"
def learn(batches, rng):
    net = Recaller(nn.GRU, 16, rng)
    H = net.cell.hidden_size
    net.cell.bias_ih_l0.data[H:2 * H] = 3
    optimizer = optim.Adam(net.parameters(), lr=0.003)
    for x, y in batches:
        optimizer.zero_grad()
        ((net(dl.tensor(x)) - y) ** 2).mean().backward()
        optim.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
    return net

# %% exercise="14.11" wrong="four epochs, though there is no second round" says="a second loop over them"
def learn(batches, rng):
    net = Recaller(nn.GRU, 16, rng)
    net.cell.bias_ih_l0.data[16:32] = 3
    optimizer = optim.Adam(net.parameters(), lr=0.01)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=600)
    for _ in range(4):
        for x, y in batches:
            optimizer.zero_grad()
            ((net(dl.tensor(x)) - y) ** 2).mean().backward()
            optim.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net

# %% exercise="14.11" right="more units, a clipped gradient of another length, and a rate that falls"
def learn(batches, rng):
    net = Recaller(nn.GRU, 24, rng)
    net.cell.bias_ih_l0.data[24:48] = 3
    weights = list(net.parameters())
    optimizer = optim.AdamW(weights, lr=0.03, weight_decay=0.0)
    for step, (x, y) in enumerate(batches):
        optimizer.param_groups[0]["lr"] = 0.03 * (1 - step / 150)
        loss = F.mse_loss(net(dl.tensor(x)), dl.tensor(y))
        optimizer.zero_grad()
        loss.backward()
        optim.clip_grad_norm_(weights, 0.5)
        optimizer.step()
    return net

# %% exercise="14.12" wrong="the bias of 3 is given to the pencil" says="The eraser begins at the bias 3"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[:hidden] = 3
        self.b = nn.Parameter(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = (sums * 0.5).tanh() * 0.5 + 0.5
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        c = f * c + i * sums[:, 2 * H:3 * H].tanh()
        return o * c.tanh(), c

# %% exercise="14.12" wrong="the note is bent by tanh before it is kept" says="nothing else"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[hidden:2 * hidden] = 3
        self.b = nn.Parameter(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = (sums * 0.5).tanh() * 0.5 + 0.5
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        c = f * c.tanh() + i * sums[:, 2 * H:3 * H].tanh()
        return o * c.tanh(), c

# %% exercise="14.12" wrong="tanh in place of the sigmoid" says="between 0 and 1"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[hidden:2 * hidden] = 3
        self.b = nn.Parameter(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = sums.tanh()
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        c = f * c + i * sums[:, 2 * H:3 * H].tanh()
        return o * c.tanh(), c

# %% exercise="14.12" wrong="the old note is shown" says="NEW note"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[hidden:2 * hidden] = 3
        self.b = nn.Parameter(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = (sums * 0.5).tanh() * 0.5 + 0.5
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        new = f * c + i * sums[:, 2 * H:3 * H].tanh()
        return o * c.tanh(), new

# %% exercise="14.12" wrong="h and c are returned in the wrong order" says="first h and then c"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[hidden:2 * hidden] = 3
        self.b = nn.Parameter(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = (sums * 0.5).tanh() * 0.5 + 0.5
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        c = f * c + i * sums[:, 2 * H:3 * H].tanh()
        return c, o * c.tanh()

# %% exercise="14.12" wrong="the bias is no parameter" says="no optimiser finds it"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()

        def matrix(rows, columns):
            values = rng.normal(0, 1 / np.sqrt(columns), (rows, columns))
            return nn.Parameter(values.astype(np.float32))

        self.hidden = hidden
        self.W, self.U = matrix(4 * hidden, inputs), matrix(4 * hidden, hidden)
        bias = np.zeros(4 * hidden, np.float32)
        bias[hidden:2 * hidden] = 3
        self.b = dl.tensor(bias)

    def forward(self, x, h, c):
        H = self.hidden
        sums = x @ self.W.T + h @ self.U.T + self.b
        gates = (sums * 0.5).tanh() * 0.5 + 0.5
        i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
        c = f * c + i * sums[:, 2 * H:3 * H].tanh()
        return o * c.tanh(), c

# %% exercise="14.12" right="eight matrices, exp, and the input beside h"
class GatedCell(nn.Module):
    def __init__(self, inputs, hidden, rng):
        super().__init__()
        edge = 1 / np.sqrt(inputs + hidden)

        def part(columns):
            values = rng.uniform(-edge, edge, (hidden, columns)).astype(np.float32)
            return nn.Parameter(values)

        self.Wi, self.Wf, self.Wc, self.Wo = (part(inputs) for _ in range(4))
        self.Ui, self.Uf, self.Uc, self.Uo = (part(hidden) for _ in range(4))
        self.bi, self.bf, self.bc, self.bo = (
            nn.Parameter(np.full(hidden, value, np.float32)) for value in (0, 3, 0, 0)
        )

    def forward(self, x, h, c):
        i = 1 / ((-(x @ self.Wi.T + h @ self.Ui.T + self.bi)).exp() + 1)
        f = 1 / ((-(x @ self.Wf.T + h @ self.Uf.T + self.bf)).exp() + 1)
        o = 1 / ((-(x @ self.Wo.T + h @ self.Uo.T + self.bo)).exp() + 1)
        new = (x @ self.Wc.T + h @ self.Uc.T + self.bc).tanh()
        kept = f * c
        c = kept + i * new
        return o * c.tanh(), c
