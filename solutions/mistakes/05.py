# %% [markdown]
# Answers to the exercises of chapter 5: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="5.1" wrong="a sum of zero is answered with 1, or y - ŷ is taken for 2" says="What does the neuron answer"
answer_5_1 = 100

# %% exercise="5.1" wrong="the rate is forgotten" says="the rate times"
answer_5_1 = 1

# %% exercise="5.1" wrong="all dots of class 1 are added, right answers too" says="is that a mistake"
answer_5_1 = 200

# %% exercise="5.1" wrong="the bias, or the second weight" says="the dot"
answer_5_1 = -50

# %% exercise="5.1" right="a float, computed"
answer_5_1 = 50 * (1 - 0.0) * 1

# %% exercise="5.2" wrong="the two lines of the page are taken for two levels" says="that enters the inner AND"
answer_5_2 = {"printed": "B", "nand": "B"}

# %% exercise="5.2" wrong="neurons are counted in place of levels" says="Through which gates"
answer_5_2 = {"printed": "D", "nand": "C"}

# %% exercise="5.2" wrong="the last AND is forgotten" says="neurons of both levels"
answer_5_2 = {"printed": "C", "nand": "A"}

# %% exercise="5.2" wrong="NAND is thought to keep its two neurons" says="reads the inputs themselves"
answer_5_2 = {"printed": "C", "nand": "D"}

# %% exercise="5.2" right="small letters and blanks, in another order"
answer_5_2 = {"nand": " b", "printed": "c "}

# %% exercise="5.3" wrong="the sign of the bias is turned and not those of the weights" says="if all weights are -1"
gates = {"NAND": ((1, 1, 1), 2.5), "majority": ((1, 1, 1), -1.5)}

# %% exercise="5.3" wrong="a corner lies on the ruler" says="exactly zero"
gates = {"NAND": ((-1, -1, -1), 2), "majority": ((1, 1, 1), -2)}

# %% exercise="5.3" wrong="right, but one corner is near" says="in the middle"
gates = {"NAND": ((-1, -1, -1), 2.01), "majority": ((1, 1, 1), -1.01)}

# %% exercise="5.3" wrong="the bias of two bits is kept" says="one of three"
gates = {"NAND": ((-1, -1, -1), 1.5), "majority": ((1, 1, 1), -1.5)}

# %% exercise="5.3" wrong="the majority looks at the first bit most" says="No bit counts more"
gates = {"NAND": ((-1, -1, -1), 2.5), "majority": ((3, 1, 1), -1.5)}

# %% exercise="5.3" right="arrays of another length, a little off the middle"
gates = {
    "NAND": (np.array([-40.0, -42.0, -41.0]), 101.0),
    "majority": (np.full(3, 7), np.float32(-10.2)),
}

# %% exercise="5.3" right="lists in lists"
gates = {"NAND": [[-0.2, -0.2, -0.2], 0.5], "majority": [[2, 2, 2], -3]}

# %% exercise="5.4" wrong="the line that climbs most is taken for the wide margin" says="falls with the square"
answer_5_4 = {"wide": "B", "level": "C", "tenth": "D"}

# %% exercise="5.4" wrong="where the rule stops is taken for the best ruler" says="moves the ruler at mistakes"
answer_5_4 = {"wide": "C", "level": "D", "tenth": "D"}

# %% exercise="5.4" wrong="the steeper line is taken for the hopeless one" says="left of pass 10 only"
answer_5_4 = {"wide": "C", "level": "C", "tenth": "B"}

# %% exercise="5.4" wrong="the bound is thought to hold for all sheets" says="have to know"
answer_5_4 = {"wide": "C", "level": "C", "tenth": "C"}

# %% exercise="5.4" right="small letters and blanks"
answer_5_4 = {"wide": "c ", "level": "c", "tenth": " d "}

# %% exercise="5.5" wrong="the minus of class 0 is written once more" says="carry a minus already"
multipliers = {"XOR": [-1, 1, 1, -1], "line": [2, -3, 1], "triangle": [1, 1, 2, -4]}

# %% exercise="5.5" wrong="nothing is added" says="zeros prove nothing"
multipliers = {"XOR": [0, 0, 0, 0], "line": [0, 0, 0], "triangle": [0, 0, 0, 0]}

# %% exercise="5.5" wrong="the middle dot is taken for the middle of the line" says="nearer to the first"
multipliers = {"XOR": [1, 1, 1, 1], "line": [1, 2, 1], "triangle": [1, 1, 2, 4]}

# %% exercise="5.5" wrong="the nearer dot gets the smaller share" says="nearer to the first"
multipliers = {"XOR": [1, 1, 1, 1], "line": [1, 3, 2], "triangle": [1, 1, 2, 4]}

# %% exercise="5.5" wrong="all corners of the triangle pull alike" says="second coordinate"
multipliers = {"XOR": [1, 1, 1, 1], "line": [2, 3, 1], "triangle": [1, 1, 1, 3]}

# %% exercise="5.5" right="fractions, and any scale"
multipliers = {
    "XOR": np.full(4, 0.5),
    "line": (2 / 3, 1, 1 / 3),
    "triangle": np.array([0.25, 0.25, 0.5, 1.0]) * 7,
}

# %% exercise="5.6" wrong="all answers are computed before any correction" says="weights of this moment"
def one_pass(x, y, w, b, lr):
    errors = y - (x @ w + b > 0)
    return w + lr * errors @ x, b + lr * errors.sum(), np.abs(errors).sum()

# %% exercise="5.6" wrong="a sum of zero is answered with 1" says="0 at a sum of zero"
def one_pass(x, y, w, b, lr):
    mistakes = 0
    for point, target in zip(x, y):
        error = target - int(w @ point + b >= 0)
        w = w + lr * error * point
        b = b + lr * error
        mistakes += abs(error)
    return w, b, mistakes

# %% exercise="5.6" wrong="the array that came is changed" says="changes the array that came"
def one_pass(x, y, w, b, lr):
    mistakes = 0
    for point, target in zip(x, y):
        error = target - int(w @ point + b > 0)
        w += lr * error * point
        b += lr * error
        mistakes += abs(error)
    return w, b, mistakes

# %% exercise="5.6" wrong="the bias is not corrected" says="to the bias"
def one_pass(x, y, w, b, lr):
    mistakes = 0
    for point, target in zip(x, y):
        error = target - int(w @ point + b > 0)
        w = w + lr * error * point
        mistakes += abs(error)
    return w, b, mistakes

# %% exercise="5.6" wrong="the sign is turned" says="lr (y - ŷ)"
def one_pass(x, y, w, b, lr):
    mistakes = 0
    for point, target in zip(x, y):
        error = int(w @ point + b > 0) - target
        w = w + lr * error * point
        b = b + lr * error
        mistakes += abs(error)
    return w, b, mistakes

# %% exercise="5.6" right="plain lists, and loops over the inputs"
def one_pass(x, y, w, b, lr):
    w, wrong = list(w), []
    for i in range(len(x)):
        total = b + sum(w[j] * x[i][j] for j in range(len(w)))
        said = 1 if total > 0 else 0
        if said != y[i]:
            sign = 1 if y[i] == 1 else -1
            w = [w[j] + sign * lr * x[i][j] for j in range(len(w))]
            b += sign * lr
            wrong.append(i)
    return w, b, len(wrong)

# %% exercise="5.6" right="the bias as the weight of a 1, in a copy"
def one_pass(x, y, w, b, lr):
    dots, all_weights = np.column_stack([x, np.ones(len(x))]), np.append(w, b).astype(float)
    mistakes = np.int64(0)
    for dot, target in zip(dots, y):
        error = target - np.heaviside(all_weights @ dot, 0)
        all_weights += lr * error * dot
        mistakes += error != 0
    return all_weights[:-1], all_weights[-1], mistakes

# %% exercise="5.7" wrong="the bias is moved into the loop, but right dots still change the weights" says="A right answer must change nothing"
def learn(x, y, lr=0.1, passes=300):
    w, b, counts = np.zeros(2), 0.0, []
    for _ in range(passes):
        mistakes = 0
        for point, target in zip(x, y):
            answer = 1 if w @ point + b > 0 else -1
            mistakes += answer != target
            w = w + lr * target * point
            b = b + lr * (target - answer)
        counts.append(mistakes)
        if mistakes == 0:
            break
    return w, b, counts

# %% exercise="5.7" wrong="mistakes alone change the weights, but the bias waits for the end of the pass" says="how often in a pass does the bias change"
def learn(x, y, lr=0.1, passes=300):
    w, b, counts = np.zeros(2), 0.0, []
    for _ in range(passes):
        mistakes = 0
        for point, target in zip(x, y):
            answer = 1 if w @ point + b > 0 else -1
            mistakes += answer != target
            w = w + lr * (target - answer) * point
        b = b + lr * (target - answer)
        counts.append(mistakes)
        if mistakes == 0:
            break
    return w, b, counts

# %% exercise="5.7" wrong="the weights get a half of what the bias gets" says="corrected together"
def learn(x, y, lr=0.1, passes=300):
    w, b, counts = np.zeros(2), 0.0, []
    for _ in range(passes):
        mistakes = 0
        for point, target in zip(x, y):
            answer = 1 if w @ point + b > 0 else -1
            if answer != target:
                mistakes += 1
                w = w + lr * target * point
                b = b + lr * (target - answer)
        counts.append(mistakes)
        if mistakes == 0:
            break
    return w, b, counts

# %% exercise="5.7" wrong="the pass without a mistake is not counted" says="its 0 is counted too"
def learn(x, y, lr=0.1, passes=300):
    w, b, counts = np.zeros(2), 0.0, []
    for _ in range(passes):
        mistakes = 0
        for point, target in zip(x, y):
            answer = 1 if w @ point + b > 0 else -1
            mistakes += answer != target
            w = w + lr * (target - answer) * point
            b = b + lr * (target - answer)
        if mistakes == 0:
            break
        counts.append(mistakes)
    return w, b, counts

# %% exercise="5.7" right="a nudge of the rate and not of twice the rate"
def learn(x, y, lr=0.1, passes=300):
    w, b, counts = np.zeros(2), 0.0, []
    while len(counts) < passes and (not counts or counts[-1]):
        counts.append(0)
        for point, target in zip(x, y):
            if target * (w @ point + b) < 0 or (w @ point + b == 0 and target == 1):
                w, b = w + lr * target * point, b + lr * target
                counts[-1] += 1
    return w, b, counts

# %% exercise="5.7" right="one array with its 1, and lists that are returned"
def learn(x, y, lr=0.1, passes=300):
    w, counts = np.zeros(3), []
    for _ in range(passes):
        wrong = 0
        for dot, target in zip(np.c_[x, np.ones(len(x))], y):
            error = target - (2 * (w @ dot > 0) - 1)
            w = w + lr * error * dot
            wrong += bool(error)
        counts += [wrong]
        if not wrong:
            break
    return w[:2].tolist(), w[2], np.array(counts)

# %% exercise="5.8" wrong="the start is waited for, which does not come back" says="it need not be the start"
def cycle(x, y):
    model, counts = Neuron(2), []
    for _ in range(500):
        counts += model.fit(x, y, lr=1, max_passes=1)
        if not model.weight.data.any() and model.bias.data[0] == 0:
            break
    return 0, len(counts), sum(counts)

# %% exercise="5.8" wrong="the bias is left out of the state" says="all three numbers"
def cycle(x, y):
    model, seen, counts = Neuron(2), {}, []
    while True:
        state = tuple(model.weight.data[0].tolist())
        if state in seen:
            before = seen[state]
            return before, len(counts) - before, sum(counts[before:])
        seen[state] = len(counts)
        counts += model.fit(x, y, lr=1, max_passes=1)

# %% exercise="5.8" wrong="states are compared after each dot, whichever dot it was" says="after whole passes"
def cycle(x, y):
    w, n, seen, counts = np.zeros(3), len(x), {}, [0]
    dots = np.column_stack([x, np.ones(n)])
    for moment in range(100000):
        state = tuple(w.tolist())
        if counts[-1] and state in seen:
            before, at = seen[state]
            return before // n, (moment - before) // n, sum(counts[at:])
        seen.setdefault(state, (moment, len(counts)))
        error = y[moment % n] - int(w @ dots[moment % n] > 0)
        w = w + error * dots[moment % n]
        counts.append(abs(error))
    return 0, 1, 0

# %% exercise="5.8" wrong="the mistakes of all passes are counted" says="those of its passes alone"
def cycle(x, y):
    model, seen, counts = Neuron(2), {}, []
    while True:
        state = (*model.weight.data[0].tolist(), model.bias.data[0].item())
        if state in seen:
            return seen[state], len(counts) - seen[state], sum(counts)
        seen[state] = len(counts)
        counts += model.fit(x, y, lr=1, max_passes=1)

# %% exercise="5.8" wrong="the pass that closes the round is counted as well" says="closes the round"
def cycle(x, y):
    model, states, counts = Neuron(2), [], []
    while True:
        state = (*model.weight.data[0].tolist(), model.bias.data[0].item())
        states.append(state)
        if states.index(state) < len(states) - 1:
            before = states.index(state)
            return before, len(states) - before, sum(counts[before:])
        counts += model.fit(x, y, lr=1, max_passes=1)

# %% exercise="5.8" right="a loop of its own, and an array of all states"
def cycle(x, y):
    w, states, counts = np.zeros(3), [], []
    while True:
        states.append(w)
        same = [k for k, old in enumerate(states[:-1]) if np.array_equal(old, w)]
        if same:
            return np.array([same[0], len(counts) - same[0], np.sum(counts[same[0]:])])
        mistakes = 0
        for dot, target in zip(np.c_[x, np.ones(len(x))], y):
            error = target - (w @ dot > 0)
            w = w + error * dot
            mistakes += error != 0
        counts.append(mistakes)

# %% exercise="5.8" right="two walkers, one twice as fast"
def after(x, y, passes):
    w, b, mistakes = np.zeros(2), 0, 0
    for _ in range(passes):
        for point, target in zip(x, y):
            error = target - int(w @ point + b > 0)
            w, b, mistakes = w + error * point, b + error, mistakes + abs(error)
    return [*w, b], mistakes

def cycle(x, y):
    meet = 1
    while after(x, y, meet)[0] != after(x, y, 2 * meet)[0]:
        meet += 1
    before = 0
    while after(x, y, before)[0] != after(x, y, before + meet)[0]:
        before += 1
    passes = 1
    while after(x, y, before)[0] != after(x, y, before + passes)[0]:
        passes += 1
    return before, passes, after(x, y, before + passes)[1] - after(x, y, before)[1]

# %% exercise="5.9" wrong="the ruler is not scaled to length one" says="Divide by the length"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min()
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    for _ in range(5000):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" wrong="the 1 is left out of R" says="the length of (x, 1)"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(x, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    for _ in range(5000):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" wrong="distances have no sign, so that a wrong ruler has a margin" says="not its absolute value"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = np.abs(s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    for _ in range(5000):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" wrong="the square is forgotten" says="its square over that of the margin"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, longest / margin if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    for _ in range(5000):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" wrong="the ruler on which the rule stops" says="not by the next one in the order"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    model = Neuron(2)
    model.fit(x, y, lr=1)
    return np.append(model.weight.data[0], model.bias.data)

# %% exercise="5.9" wrong="dots of class 0 are not turned round" says="Turn the dots of class 0 round"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s, w = np.column_stack([x, np.ones(len(x))]), np.zeros(3)
    for _ in range(5000):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" wrong="a hundred nudges: short of the last point" says="too few"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    for _ in range(100):
        w = w + s[(s @ w).argmin()]
    return w

# %% exercise="5.9" right="loops, and a ruler in a list"
def bound(x, y, w):
    length = (w[0] ** 2 + w[1] ** 2 + w[2] ** 2) ** 0.5
    margin, longest = float("inf"), 0.0
    for (x1, x2), target in zip(x, y):
        side = w[0] * x1 + w[1] * x2 + w[2]
        margin = min(margin, (side if target == 1 else -side) / length)
        longest = max(longest, (x1 * x1 + x2 * x2 + 1) ** 0.5)
    return [margin, longest, longest ** 2 / margin ** 2 if margin > 0 else float("inf")]

def widest(x, y):
    w1 = w2 = b = 0.0
    signs = [1 if target == 1 else -1 for target in y]
    for _ in range(2500):
        sides = [(w1 * x1 + w2 * x2 + b) * sign for (x1, x2), sign in zip(x, signs)]
        i = sides.index(min(sides))
        w1, w2, b = w1 + signs[i] * x[i][0], w2 + signs[i] * x[i][1], b + signs[i]
    return [w1, w2, b]

# %% exercise="5.9" right="the nearest two points of the hulls, by steps that shrink"
def bound(x, y, w):
    s = (2 * y - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    margin = (s @ w).min() / np.linalg.norm(w)
    longest = np.linalg.norm(s, axis=1).max()
    return margin, longest, (longest / margin) ** 2 if margin > 0 else np.inf

def widest(x, y):
    s = (2 * y - 1)[:, None] * np.c_[x, np.ones(len(x))]
    w = s.mean(axis=0)
    for step in range(2, 20000):
        w = w + (s[np.argmin(s @ w)] - w) * 2 / (step + 2)
    return w[np.newaxis]

# %% exercise="5.10" wrong="the pocket is looked at once a pass, and the average too" says="after each correction"
def pocket(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w = kept = np.zeros(3)
    fewest = np.sum((x @ w > 0) != y)
    for _ in range(passes):
        for point, target in zip(x, y):
            w = w + (target - int(w @ point > 0)) * point
        if np.sum((x @ w > 0) != y) < fewest:
            kept, fewest = w, np.sum((x @ w > 0) != y)
    return kept

def average(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w, ends = np.zeros(3), []
    for _ in range(passes):
        for point, target in zip(x, y):
            w = w + (target - int(w @ point > 0)) * point
        ends.append(w)
    return np.mean(ends, axis=0)

# %% exercise="5.10" wrong="the weights in the pocket move along, and the mean is of the corrections only" says="must not move with the weights"
def pocket(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w = np.zeros(3)
    kept, fewest = w, np.sum((x @ w > 0) != y)
    for _ in range(passes):
        for point, target in zip(x, y):
            if error := target - int(w @ point > 0):
                w += error * point
                wrong = np.sum((x @ w > 0) != y)
                if wrong < fewest:
                    kept, fewest = w, wrong
    return kept

def average(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w, history = np.zeros(3), []
    for _ in range(passes):
        for point, target in zip(x, y):
            if error := target - int(w @ point > 0):
                w = w + error * point
                history.append(w)
    return np.mean(history, axis=0)

# %% exercise="5.10" wrong="the last of equally good weights is kept, and the sum is not divided" says="Only fewer mistakes"
def pocket(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w = kept = np.zeros(3)
    fewest = np.sum((x @ w > 0) != y)
    for _ in range(passes):
        for point, target in zip(x, y):
            if error := target - int(w @ point > 0):
                w = w + error * point
                wrong = np.sum((x @ w > 0) != y)
                if wrong <= fewest:
                    kept, fewest = w, wrong
    return kept

def average(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w, total = np.zeros(3), np.zeros(3)
    for _ in range(passes):
        for point, target in zip(x, y):
            w = w + (target - int(w @ point > 0)) * point
            total = total + w
    return total

# %% exercise="5.10" wrong="the last weights, twice" says="Add up the weights after every dot"
def pocket(x, y, passes):
    model = Neuron(2)
    for _ in range(passes):
        model.fit(x, y, lr=1, max_passes=1)
    return np.append(model.weight.data[0], model.bias.data)

average = pocket

# %% exercise="5.10" wrong="the pocket counts the mistakes of the pass, as the ruler moved" says="not on this pass"
def pocket(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w = kept = np.zeros(3)
    fewest = len(x)
    for _ in range(passes):
        mistakes = 0
        for point, target in zip(x, y):
            error = target - int(w @ point > 0)
            w, mistakes = w + error * point, mistakes + abs(error)
        if mistakes < fewest:
            kept, fewest = w, mistakes
    return kept

def average(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w, total = np.zeros(3), np.zeros(3)
    for _ in range(passes):
        for point, target in zip(x, y):
            total = total + w
            w = w + (target - int(w @ point > 0)) * point
    return total / (passes * len(x))

# %% exercise="5.10" wrong="an equally good ruler replaces the one in the pocket, and the start counts as a moment" says="The start is no moment"
def pocket(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    w = kept = np.zeros(3)
    fewest = np.sum((x @ w > 0) != y)
    for _ in range(passes):
        for point, target in zip(x, y):
            w = w + (target - int(w @ point > 0)) * point
            wrong = np.sum((x @ w > 0) != y)
            if wrong <= fewest:
                kept, fewest = w, wrong
    return kept

def average(x, y, passes):
    x = np.column_stack([x, np.ones(len(x))])
    walk = [np.zeros(3)]
    for _ in range(passes):
        for point, target in zip(x, y):
            walk.append(walk[-1] + (target - int(walk[-1] @ point > 0)) * point)
    return np.mean(walk, axis=0)

# %% exercise="5.10" right="a running mean, a pocket of pairs, and lists"
def walk(x, y, passes):
    w = np.zeros(3)
    for _ in range(passes):
        for point, target in zip(np.c_[x, np.ones(len(x))], y):
            w = w + (target - (w @ point > 0)) * point
            yield w

def pocket(x, y, passes):
    best = (np.sum(y), [0.0, 0.0, 0.0])
    for w in walk(x, y, passes):
        wrong = np.sum((x @ w[:2] + w[2] > 0) != y)
        if wrong < best[0]:
            best = (wrong, w.tolist())
    return best[1]

def average(x, y, passes):
    mean = np.zeros(3)
    for moment, w in enumerate(walk(x, y, passes), start=1):
        mean = mean + (w - mean) / moment
    return tuple(mean)

# %% exercise="5.10" right="an average that adds only at corrections"
def pocket(x, y, passes):
    rows = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(3)
    history = [w.copy()]
    for _ in range(passes):
        for row, target in zip(rows, y):
            if (w @ row > 0) != target:
                w += row if target else -row
                history.append(w.copy())
    wrong = ((rows @ np.array(history).T > 0) != y[:, None]).sum(axis=0)
    return history[wrong.argmin()]

def average(x, y, passes):
    rows = np.hstack([x, np.ones((len(x), 1))])
    w, late, moment = np.zeros(3), np.zeros(3), 0
    for _ in range(passes):
        for row, target in zip(rows, y):
            if (w @ row > 0) != target:
                sign = 1 if target else -1
                w, late = w + sign * row, late + moment * sign * row
            moment += 1
    return w - late / moment

# %% exercise="5.12" wrong="one neuron asks whether there are four" says="at least 1, 2, … 7 ones"
neurons = [[1, 1, 1, 1, 1, 1, 1, -3.5]]

# %% exercise="5.12" wrong="the last neuron adds without turning signs" says="signs that alternate"
neurons = [[1] * 7 + [0] * k + [-k - 0.5] for k in range(7)]
neurons.append([0] * 7 + [1] * 7 + [-0.5])

# %% exercise="5.12" wrong="eight that are right: short of the last points" says="at least 2, at least 4, at least 6"
neurons = [[1] * 7 + [0] * k + [-k - 0.5] for k in range(7)]
neurons.append([0] * 7 + [(-1) ** k for k in range(7)] + [-0.5])

# %% exercise="5.12" wrong="four that are right: short of the last points" says="in binary"
neurons = [[1] * 7 + [0] * k + [-2 * k - 1.5] for k in range(3)]
neurons.append([1] * 7 + [-2] * 3 + [-0.5])

# %% exercise="5.12" wrong="a binary count whose second digit forgets the first" says="taken its 4 away"
neurons = [[1] * 7 + [-3.5], [1] * 7 + [0, -1.5], [1] * 7 + [-4, -2, -0.5]]

# %% exercise="5.12" wrong="the weights for earlier neurons are left out" says="gets the weight 0"
neurons = [[1] * 7 + [-3.5], [1] * 7 + [-1.5], [1] * 7 + [-0.5]]

# %% exercise="5.12" right="bits that count down: the same in arrays, with signs turned"
no = -2.0 * np.ones(7)
neurons = [
    np.r_[no, 7.0],                    # at most three
    np.r_[no, -8.0, 11.0],             # of these at most one; of the others at most five
    np.r_[-no, 8, 4, -13],
]

# %% exercise="5.13" wrong="the last weights in place of the mean" says="predict with the mean"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features))
        self.bias = np.zeros(num_classes)

    def nudge(self, x, label):
        winner = (self.weight @ x + self.bias).argmax()
        if winner == label:
            return 0
        self.weight[label] += x
        self.bias[label] += 1
        self.weight[winner] -= x
        self.bias[winner] -= 1
        return 1

    def fit(self, x, labels, rng, passes=20):
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                self.nudge(x[i], labels[i])
        return self

    def predict(self, x):
        return (x @ self.weight.T + self.bias).argmax(axis=1)

# %% exercise="5.13" wrong="the winner's row is not lowered" says="the winner down"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features))
        self.bias = np.zeros(num_classes)

    def nudge(self, x, label):
        winner = (self.weight @ x + self.bias).argmax()
        if winner == label:
            return 0
        self.weight[label] += x
        self.bias[label] += 1
        return 1

    def fit(self, x, labels, rng, passes=20):
        weight, bias = np.zeros_like(self.weight), np.zeros_like(self.bias)
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                self.nudge(x[i], labels[i])
                weight += self.weight
                bias += self.bias
        self.weight, self.bias = weight / (passes * len(x)), bias / (passes * len(x))
        return self

    def predict(self, x):
        return (x @ self.weight.T + self.bias).argmax(axis=1)

# %% exercise="5.13" wrong="the mean takes the place of the weights after every pass" says="only at the end"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features))
        self.bias = np.zeros(num_classes)

    def nudge(self, x, label):
        winner = (self.weight @ x + self.bias).argmax()
        if winner == label:
            return 0
        self.weight[label] += x
        self.bias[label] += 1
        self.weight[winner] -= x
        self.bias[winner] -= 1
        return 1

    def fit(self, x, labels, rng, passes=20):
        for _ in range(passes):
            weight, bias = np.zeros_like(self.weight), np.zeros_like(self.bias)
            for i in rng.permutation(len(x)):
                self.nudge(x[i], labels[i])
                weight += self.weight / len(x)
                bias += self.bias / len(x)
            self.weight, self.bias = weight, bias
        return self

    def predict(self, x):
        return (x @ self.weight.T + self.bias).argmax(axis=1)

# %% exercise="5.13" wrong="each picture adds to its own class, right or wrong: that is a mean" says="A right answer moves nothing"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features))
        self.bias = np.zeros(num_classes)

    def nudge(self, x, label):
        winner = (self.weight @ x + self.bias).argmax()
        self.weight[label] += x
        self.bias[label] += 1
        self.weight[winner] -= x * (winner != label)
        self.bias[winner] -= winner != label
        return int(winner != label)

    def fit(self, x, labels, rng, passes=20):
        weight, bias = np.zeros_like(self.weight), np.zeros_like(self.bias)
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                self.nudge(x[i], labels[i])
                weight += self.weight
                bias += self.bias
        self.weight, self.bias = weight / (passes * len(x)), bias / (passes * len(x))
        return self

    def predict(self, x):
        return (x @ self.weight.T + self.bias).argmax(axis=1)

# %% exercise="5.13" wrong="moments without a change are left out of the mean" says="where nothing changed"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features))
        self.bias = np.zeros(num_classes)

    def nudge(self, x, label):
        winner = (self.weight @ x + self.bias).argmax()
        if winner == label:
            return 0
        self.weight[label] += x
        self.bias[label] += 1
        self.weight[winner] -= x
        self.bias[winner] -= 1
        return 1

    def fit(self, x, labels, rng, passes=20):
        weight, bias, moments = 0.0, 0.0, 0
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                if self.nudge(x[i], labels[i]):
                    weight, bias, moments = weight + self.weight, bias + self.bias, moments + 1
        self.weight, self.bias = weight / moments, bias / moments
        return self

    def predict(self, x):
        return (x @ self.weight.T + self.bias).argmax(axis=1)

# %% exercise="5.13" right="one matrix, and a mean that is kept up to date at mistakes alone"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.rows = np.zeros((num_classes, in_features + 1))

    @property
    def weight(self):
        return self.rows[:, :-1]

    @property
    def bias(self):
        return self.rows[:, -1]

    def change(self, x, label):
        seen = np.append(x, 1.0)
        winner = np.argmax(self.rows @ seen)
        change = np.zeros_like(self.rows)
        change[label] += seen
        change[winner] -= seen
        return change

    def nudge(self, x, label):
        change = self.change(x, label)
        self.rows = self.rows + change
        return bool(change.any())

    def fit(self, x, labels, rng, passes=20):
        late, moment = np.zeros_like(self.rows), 0
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                change = self.change(x[i], labels[i])
                self.rows, late = self.rows + change, late + moment * change
                moment += 1
        self.rows = self.rows - late / moment
        return self

    def predict(self, x):
        return [int(np.argmax(self.rows @ np.append(one, 1.0))) for one in x]

# %% exercise="5.13" right="loops over classes, and lists of copies"
class Perceptron:
    def __init__(self, in_features, num_classes):
        self.weight = np.zeros((num_classes, in_features), dtype=float)
        self.bias = np.zeros((num_classes,), dtype=float)

    def winner(self, x):
        best = 0
        for k in range(1, len(self.bias)):
            if self.weight[k] @ x + self.bias[k] > self.weight[best] @ x + self.bias[best]:
                best = k
        return best

    def nudge(self, x, label):
        said = self.winner(x)
        if said != label:
            for k, sign in {label: 1.0, said: -1.0}.items():
                self.weight[k] = self.weight[k] + sign * x
                self.bias[k] = self.bias[k] + sign
        return np.int64(said != label)

    def fit(self, x, labels, rng, passes=20):
        sums = [0.0, 0.0]
        for _ in range(passes):
            for i in rng.permutation(len(x)):
                self.nudge(x[i], labels[i])
                sums = [sums[0] + self.weight, sums[1] + self.bias]
        self.weight, self.bias = (total / len(x) / passes for total in sums)
        return self

    def predict(self, x):
        return np.array([self.winner(one) for one in x])
