"""Typical wrong answers to the exercises of chapter 15: each must lose points.

For each code exercise, pairs of what is wrong and the source that replaces the answer cell.
"""

MISTAKES: dict[str, list[tuple[str, str]]] = {}

_ATTEND = """
def attend(q, k, v, allowed=None):
    scores = q @ np.swapaxes(k, -1, -2) / {scale}
    if allowed is None:
        allowed = np.ones(scores.shape, bool)
    {mask}
    return weights @ v, weights
"""
_SAFE = """allowed = np.broadcast_to(allowed, scores.shape)
    e = np.exp(np.where(allowed, scores - scores.max(-1, keepdims=True), -np.inf))
    weights = e / np.maximum(e.sum(-1, keepdims=True), 1e-300)"""

MISTAKES["15.4"] = [
    (
        "scores are not divided by the root of E",
        _ATTEND.format(scale="1.0", mask=_SAFE),
    ),
    (
        "scores are divided by the root of the number of keys",
        _ATTEND.format(scale="np.sqrt(k.shape[-2])", mask=_SAFE),
    ),
    (
        "the mask comes after the softmax",
        _ATTEND.format(scale="np.sqrt(q.shape[-1])", mask="weights = softmax(scores) * allowed"),
    ),
    (
        "a query that may look nowhere looks everywhere",
        _ATTEND.format(
            scale="np.sqrt(q.shape[-1])",
            mask="weights = softmax(np.where(allowed, scores, -1e9))",
        ),
    ),
    (
        "a query that may look nowhere gets NaN",
        _ATTEND.format(
            scale="np.sqrt(q.shape[-1])",
            mask="weights = softmax(np.where(allowed, scores, -np.inf))",
        ),
    ),
]

_MASKED = """
def masked_attention(q, k, v, padding):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    causal = {causal}
    allowed = causal & {words}
    return softmax(np.where(allowed, scores, -1e9)) @ v
"""
_TRI = "np.tri(scores.shape[-1], dtype=bool)"

MISTAKES["15.5"] = [
    (
        "the diagonal is still one too far",
        _MASKED.format(
            causal="np.tril(np.ones(scores.shape[-2:], bool), 1)", words="~padding[:, None, :]"
        ),
    ),
    (
        "padding is still masked as queries",
        _MASKED.format(causal=_TRI, words="~padding[:, :, None]"),
    ),
    (
        "the diagonal is one too near: a query does not see itself",
        _MASKED.format(
            causal="np.tril(np.ones(scores.shape[-2:], bool), -1)", words="~padding[:, None, :]"
        ),
    ),
    (
        "the mask looks ahead instead of back",
        _MASKED.format(causal=_TRI + ".T", words="~padding[:, None, :]"),
    ),
]

_HEADS = """
def split_heads(x, heads):
    N, T, E = x.shape
    return {split}

def merge_heads(x):
    N, H, T, d = x.shape
    return {merge}
"""

MISTAKES["15.6"] = [
    (
        "a reshape alone: the shapes are right, the tokens are mixed",
        _HEADS.format(split="x.reshape(N, heads, T, E // heads)", merge="x.reshape(N, T, H * d)"),
    ),
    (
        "merging forgets to exchange the axes",
        _HEADS.format(
            split="x.reshape(N, T, heads, E // heads).swapaxes(1, 2)",
            merge="x.reshape(N, T, H * d)",
        ),
    ),
    (
        "features are dealt out in turn instead of in blocks",
        _HEADS.format(
            split="x.reshape(N, T, E // heads, heads).transpose(0, 3, 1, 2)",
            merge="x.transpose(0, 2, 3, 1).reshape(N, T, H * d)",
        ),
    ),
]

_TURN = """
def turn(x, positions):
    E = x.shape[1]
    omega = {omega}
    angle = np.asarray(positions)[:, None] * omega
    even, odd = {pairs}
    out = np.empty_like(x)
    out[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    out[:, 1::2] = {second}
    return out
"""
_OMEGA = "10000.0 ** (-np.arange(0, E, 2) / E)"
_SECOND = "even * np.sin(angle) + odd * np.cos(angle)"

MISTAKES["15.7"] = [
    (
        "the first member is overwritten before the second is computed",
        _TURN.format(
            omega=_OMEGA,
            pairs="x[:, ::2], x[:, 1::2]",
            second="out[:, ::2] * np.sin(angle) + odd * np.cos(angle)",
        ),
    ),
    (
        "both halves turn with the same sign",
        _TURN.format(
            omega=_OMEGA,
            pairs="x[:, ::2], x[:, 1::2]",
            second="odd * np.cos(angle) - even * np.sin(angle)",
        ),
    ),
    (
        "the frequencies fall at half the rate",
        _TURN.format(
            omega="10000.0 ** (-np.arange(E // 2) / E)",
            pairs="x[:, ::2], x[:, 1::2]",
            second=_SECOND,
        ),
    ),
    (
        "the turn is written into x itself",
        _TURN.format(
            omega=_OMEGA,
            pairs="x[:, ::2].copy(), x[:, 1::2].copy()",
            second=_SECOND,
        ).replace("out = np.empty_like(x)", "out = x"),
    ),
    (
        "the halves of the vector are paired instead of neighbours",
        _TURN.format(omega=_OMEGA, pairs="x[:, : E // 2], x[:, E // 2 :]", second=_SECOND),
    ),
]

_NOT = """
def teach_not(sentences, labels):
    against = [{contradict} for text in sentences]
    return {out}
"""
_IS_NOT = 'text.replace(" is ", " is not ")'

MISTAKES["15.8"] = [
    (
        "the labels are not turned round",
        _NOT.format(contradict=_IS_NOT, out="[*sentences, *against], [*labels, *labels]"),
    ),
    (
        "praise alone is contradicted",
        _NOT.format(
            contradict=_IS_NOT,
            out="[*sentences, *(a for a, y in zip(against, labels) if y)], "
            "[*labels, *(0 for y in labels if y)]",
        ),
    ),
    (
        "the plain sentences are left out",
        _NOT.format(contradict=_IS_NOT, out="against, [1 - y for y in labels]"),
    ),
    (
        "not stands before the sentence",
        _NOT.format(
            contradict='"not " + text',
            out="[*sentences, *against], [*labels, *(1 - y for y in labels)]",
        ),
    ),
]

_LESSON = """
def lesson(count, rng):
    x = rng.integers(0, 10, (count, 6))
    notes = np.stack([{notes} for t in range(6)], axis=1)
    silent = np.full_like(notes, -100)
    read, asked, other = notes, notes, silent
    {change}
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 12)
    targets = np.stack([asked, other], axis=2).reshape(count, 12)
    return tokens, targets
"""
_PREFIX = "x[:, : t + 1] @ 10 ** np.arange(t, -1, -1) % 7"

MISTAKES["15.10"] = [
    (
        "only the remainder of the whole number is asked, and nothing is noted",
        _LESSON.format(
            notes=_PREFIX,
            change="read, asked = rng.integers(7, size=notes.shape), silent.copy()\n"
            "    asked[:, -1] = notes[:, -1]",
        ),
    ),
    (
        "the digits are added, without the ten",
        _LESSON.format(notes="x[:, : t + 1].sum(1) % 7", change=""),
    ),
    (
        "each digit has the weight of its place: six digits only",
        _LESSON.format(notes="x[:, : t + 1] @ 10 ** np.arange(5, 4 - t, -1) % 7", change=""),
    ),
    (
        "the number is read from the right",
        _LESSON.format(notes="x[:, : t + 1] @ 10 ** np.arange(t + 1) % 7", change=""),
    ),
    (
        "the question stands behind the answer: at the notes",
        _LESSON.format(notes=_PREFIX, change="asked, other = silent, notes"),
    ),
    (
        "the note that is read is that of the digit before",
        _LESSON.format(notes=_PREFIX, change="read = np.roll(notes, 1, axis=1)"),
    ),
]

# What the feedback on each of them must say, in the same order.
SAYS: dict[str, list[str]] = {
    "15.4": [
        "Divide by the root of E",
        "the length of a query",
        "leave no trace",
        "divide by 1 instead",
        "divide by 1 instead",
    ],
    "15.5": [
        "moves the diagonal",
        "Padding is a property of the keys",
        "must still see itself",
        "A later token must not change",
    ],
    "15.6": ["cut the last axis in two", "exchange the axes first", "(N, T, H, E / H)"],
    "15.7": [
        "need their old values",
        "A turn keeps lengths",
        "Its frequency is",
        "x must come out of it unchanged",
        "Features 2i and 2i + 1",
    ],
    "15.8": ["turn the label round", "Contradict blame", "Keep the plain", "behind"],
    "15.10": [
        "A target at the end alone",
        "10 times as large",
        "six digits and not thirty",
        "10 times as large",
        "At the places of digits",
        "what is read in training",
    ],
}

# Right answers that look different: each must keep its points.
ALTERNATIVES: dict[str, list[tuple[str, str]]] = {}

ALTERNATIVES["15.4"] = [
    (
        "a plain loop over the rows of the scores",
        """
def attend(q, k, v, allowed=None):
    scores = np.einsum("...le,...se->...ls", q, k) * q.shape[-1] ** -0.5
    seen = np.broadcast_to(True if allowed is None else allowed, scores.shape)
    weights = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        keys = seen[row]
        if keys.any():
            weights[row][keys] = softmax(scores[row][keys])
    return weights @ v, weights
""",
    ),
    (
        "what is not a number is made nought",
        """
def attend(q, k, v, allowed=True):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    masked = np.where(True if allowed is None else allowed, scores, -np.inf)
    weights = np.nan_to_num(softmax(masked))
    return weights @ v, weights
""",
    ),
]

ALTERNATIVES["15.5"] = [
    (
        "minus infinity, and comparison of places",
        """
def masked_attention(q, k, v, padding):
    scores = np.einsum("nle,nse->nls", q, k) / q.shape[-1] ** 0.5
    place = np.arange(scores.shape[-1])
    hidden = (place[None, :] > place[:, None])[None] | padding[:, None]
    scores[hidden] = -np.inf
    return softmax(scores) @ v
""",
    ),
]

ALTERNATIVES["15.6"] = [
    (
        "slices, stacked and joined",
        """
def split_heads(x, heads):
    return np.stack(np.split(x, heads, axis=2), axis=1)

def merge_heads(x):
    return np.concatenate([x[:, h] for h in range(x.shape[1])], axis=2)
""",
    ),
]

ALTERNATIVES["15.7"] = [
    (
        "complex numbers",
        """
def turn(x, positions):
    z = x[:, ::2] + 1j * x[:, 1::2]
    omega = 10000.0 ** (-np.arange(z.shape[1]) / z.shape[1])
    z = z * np.exp(1j * np.outer(positions, omega))
    return np.stack([z.real, z.imag], axis=2).reshape(x.shape)
""",
    ),
]

ALTERNATIVES["15.8"] = [
    (
        "one after the other, with arrays",
        """
def teach_not(sentences, labels):
    texts, verdicts = [], []
    for text, label in zip(sentences, labels):
        front, adjective = text.rsplit(" ", 1)
        texts += [text, f"{front} not {adjective}"]
        verdicts += [label, not label]
    return texts, np.array(verdicts, dtype=np.int64)
""",
    ),
]

ALTERNATIVES["15.10"] = [
    (
        "remainders of the beginnings, and arrays filled by slices",
        """
def lesson(count, rng):
    x = rng.integers(0, 10, size=(count, 6))
    tokens, targets = np.empty((count, 12), int), np.full((count, 12), -100)
    for t in range(6):
        beginning = np.array([int("".join(map(str, row[: t + 1]))) for row in x])
        tokens[:, 2 * t], tokens[:, 2 * t + 1] = x[:, t], 10 + beginning % 7
        targets[:, 2 * t] = beginning % 7
    return tokens, targets
""",
    ),
]
