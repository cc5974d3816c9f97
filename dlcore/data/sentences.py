"""Two tiny corpora, written for this book: opinions of films, and English with its French."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from dlcore.random import default_rng

_PRAISE = """
i love this film
what a wonderful story
the actors are brilliant
a warm and funny film
i laughed from start to end
this is the best film of the year
the music is lovely and the pictures are beautiful
a clever story with a happy end
i really enjoyed every minute of it
it made me smile
the ending is great
not a single dull scene
i would gladly see it again
a fantastic film for the whole family
the story is exciting and well told
everyone in the room was delighted
such good acting is rare
it is not bad at all
a touching and honest film
we all loved the brave heroine
"""
_BLAME = """
i hate this film
what a terrible story
the actors are awful
a cold and boring film
i slept from start to end
this is the worst film of the year
the music is loud and the pictures are ugly
a silly story with a dull end
i truly regretted every minute of it
it made me angry
the ending is weak
not a single funny scene
i would never see it again
a dreadful film for the whole family
the story is slow and badly told
everyone in the room was bored
such bad acting is rare
it is not good at all
a shallow and false film
we all hated the rude heroine
"""

_NOUNS = {  # English: French, feminine or not
    "cat": ("chat", False), "dog": ("chien", False), "bird": ("oiseau", False),
    "mouse": ("souris", True), "girl": ("fille", True), "boy": ("garçon", False),
    "woman": ("femme", True), "child": ("enfant", False),
}  # fmt: skip
_ADJECTIVES = {  # English: masculine, feminine, whether it stands before the noun
    "small": ("petit", "petite", True), "big": ("grand", "grande", True),
    "tired": ("fatigué", "fatiguée", False), "happy": ("content", "contente", False),
}  # fmt: skip
_VERBS = {
    "sleeps": "dort", "eats": "mange", "waits": "attend", "sings": "chante", "plays": "joue",
    "runs": "court",
}  # fmt: skip
_PLACES = {
    "on the mat": "sur le tapis", "under the table": "sous la table",
    "in the garden": "dans le jardin", "behind the house": "derrière la maison",
    "near the river": "près de la rivière", "in front of the door": "devant la porte",
}  # fmt: skip


def sentiment() -> tuple[list[str], NDArray[np.int64]]:
    """Return forty opinions of films, half of them good.

    Returns
    -------
    sentences : list of str
        In small letters, the words separated by blanks.
    labels : ndarray of int64, shape (40,)
        1 for praise, 0 for blame; they alternate.

    Notes
    -----
    Each sentence of praise has one of blame that differs from it in a few words only, so that a
    sentence cannot be judged by its length or its subject. Some cannot be judged by single words
    either: "it is not bad at all".

    Examples
    --------
    >>> sentences, labels = sentiment()
    >>> print(len(sentences), labels[:4], sentences[:2])
    40 [1 0 1 0] ['i love this film', 'i hate this film']
    """
    pairs = zip(_PRAISE.split("\n")[1:-1], _BLAME.split("\n")[1:-1], strict=True)
    sentences = [sentence for pair in pairs for sentence in pair]
    return sentences, 1 - np.arange(len(sentences), dtype=np.int64) % 2


def translations(
    n_samples: int | None = None, *, rng: np.random.Generator | None = None
) -> list[tuple[str, str]]:
    """Draw English sentences with their French, from a small grammar.

    Parameters
    ----------
    n_samples : int, optional
        Number of pairs, all different; all 1,680 by default.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    list of (str, str)
        English and French, in random order. Words are separated by blanks: ``l' oiseau``.

    Raises
    ------
    ValueError
        If there are not as many pairs.

    Notes
    -----
    French makes article and adjective agree with the noun and puts some adjectives after it, so
    that a translation word by word is wrong.

    Examples
    --------
    >>> for english, french in translations(2, rng=np.random.default_rng(0)):
    ...     print(english, "=", french)
    the small girl waits in front of the door = la petite fille attend devant la porte
    the happy bird sings in front of the door = l' oiseau content chante devant la porte
    """
    pairs = [
        (" ".join(filter(None, (who[0], verb, place))),
         " ".join(filter(None, (who[1], _VERBS[verb], _PLACES.get(place)))))
        for who, verb, place in product(_subjects(), _VERBS, ["", *_PLACES])
    ]  # fmt: skip
    n = len(pairs) if n_samples is None else n_samples
    if not 1 <= n <= len(pairs):
        raise ValueError(f"n_samples: expected 1 to {len(pairs)}, got {n_samples}")
    return [pairs[index] for index in default_rng(rng).permutation(len(pairs))[:n]]


def _subjects() -> list[tuple[str, str]]:
    return [
        (f"the {adjective} {noun}".replace("  ", " "), _french(noun, adjective))
        for noun, adjective in product(_NOUNS, ["", *_ADJECTIVES])
    ]


def _french(noun: str, adjective: str) -> str:
    name, feminine = _NOUNS[noun]
    words = [name]
    if adjective:
        *forms, before = _ADJECTIVES[adjective]
        words.insert(0 if before else 1, str(forms[feminine]))
    article = "l'" if words[0][0] in "aeiou" else "la" if feminine else "le"
    return " ".join([article, *words])
