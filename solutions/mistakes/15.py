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
        "the halves of the vector are paired instead of neighbours",
        _TURN.format(omega=_OMEGA, pairs="x[:, : E // 2], x[:, E // 2 :]", second=_SECOND),
    ),
]

_LESSON = """
def lesson(count, rng):
    x, s = data.sum_mod(count, length=8, running=True, rng=rng)
    silent = np.full_like(s, -100)
    {change}
    tokens = np.stack([x, 10 + read], axis=2).reshape(count, 16)
    targets = np.stack([asked, other], axis=2).reshape(count, 16)
    return tokens, targets
"""

MISTAKES["15.10"] = [
    (
        "only the whole sum is asked, and nothing is written down",
        _LESSON.format(
            change="read, asked, other = rng.integers(5, size=s.shape), silent.copy(), silent\n"
            "    asked[:, -1] = s[:, -1]"
        ),
    ),
    (
        "the remainder of the single digit is asked, not that of the sum",
        _LESSON.format(change="read, asked, other = s, x % 5, silent"),
    ),
    (
        "the question stands behind the answer: at the remainders",
        _LESSON.format(change="read, asked, other = s, silent, s"),
    ),
    (
        "the remainder that is read is that of the sum before",
        _LESSON.format(change="read, asked, other = np.roll(s, 1, axis=1), s, silent"),
    ),
    (
        "the answer is shown where it is asked",
        _LESSON.format(
            change="read, asked, other = s, np.column_stack([x[:, :1] % 5, s[:, :-1]]), silent"
        ),
    ),
]

# What the feedback on each of them must say, in the same order.
SAYS: dict[str, list[str]] = {
    "15.4": [
        "Divide by the root of E",
        "the length of a query",
        "leave no trace",
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
        "Features 2i and 2i + 1",
    ],
    "15.10": [
        "A target at the end alone",
        "the remainder that includes it",
        "At the places of digits",
        "What the model reads behind a digit",
        "the target at a digit",
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

ALTERNATIVES["15.10"] = [
    (
        "loaded dice, and arrays filled by slices",
        """
def lesson(count, rng):
    most = rng.integers(5, 11, size=(count, 1))
    x = rng.integers(0, most, size=(count, 8))
    x[: count // 2] = rng.integers(0, 10, size=(count // 2, 8))
    s = x.cumsum(1) % 5
    tokens, targets = np.empty((count, 16), int), np.full((count, 16), -100)
    tokens[:, ::2], tokens[:, 1::2], targets[:, ::2] = x, 10 + s, s
    return tokens, targets
""",
    ),
]
