"""Signatures: what of an article's words is kept to find its copies by.

A signature is a MinHash of the pairs of neighbouring words. Where one word in five was replaced,
two texts share 0.41 to 0.54 of their pairs (short articles: 0.26 to 0.77); two unrelated articles
0.04 at most. Longer shingles would lose the former (0.34 of triples), single words would not
keep out the latter (0.30). See docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rensa import RMinHash, RMinHashLSH

from hanoiwatch.text import NORMALISER_VERSION
from indexer.stories.wording import WORDING_VERSION

PERMUTATIONS = 128
BANDS = 64
"""Of two rows each: a pair that shares 0.35 of its pairs is missed once in 5,000 times, one that
shares 0.26 once in 80; of unrelated articles one in 20 is looked at."""
SEED = 20261124
THRESHOLD = 0.22
"""Estimated share of pairs from which the texts themselves are compared; the estimate is off by
0.04 in two cases of three."""
FEWEST_WORDS = 20
"""In a shorter text, a video's caption say, a few set phrases are half of the words."""

RECIPE = (
    f"rminhash{RMinHash.ALGORITHM_VERSION}/{PERMUTATIONS}/{SEED}/pairs"
    f"/w{WORDING_VERSION}/n{NORMALISER_VERSION}"
)
"""What a signature depends on. Signatures of another recipe are made anew, never compared."""


def sign(words: Sequence[str]) -> bytes:
    """The signature of a text, as it is stored; empty where it has too few words to tell."""
    if len(words) < FEWEST_WORDS:
        return b""
    made = _empty()
    made.update([f"{one} {other}" for one, other in pairwise(words)])
    return bytes(made.__getstate__())


def restored(signature: bytes) -> RMinHash:
    """The library's own object for a stored signature of this `RECIPE` that is not empty."""
    made = _empty()
    made.__setstate__(signature)
    return made


def empty_shelf() -> RMinHashLSH:
    """A table of the library in which candidates are found by their bands."""
    return RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)


def _empty() -> RMinHash:
    return RMinHash(num_perm=PERMUTATIONS, seed=SEED)
