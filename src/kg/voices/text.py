"""Texts of articles: the sequences of words in them, how much of these two texts share, and signatures.

A signature is MinHash (A. Broder, "On the resemblance and containment of documents", 1997) in bands, as locality
sensitive hashing has them: texts that share much have a band in common, and hardly any others do.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from functools import cache
from itertools import accumulate
from typing import Final

from rensa import RMinHash

from kg import resources
from kg.records import record

FILE: Final = "data/linking/voices.toml"
BAND: Final = 8
"""Bytes of a band of a signature."""
_WORD: Final = re.compile(r"\w+")


@record(frozen=True, slots=True)
class Settings:
    """How texts are compared, as ``data/linking/voices.toml`` says; ``version`` is another one where that is."""

    shingle: int
    least: int
    most: int
    bands: int
    rows: int
    seed: int
    alike: float
    version: str


@cache
def settings() -> Settings:
    """Those of the file."""
    data = resources.path(FILE).read_bytes()
    found = tomllib.loads(data.decode())
    text, made = found["text"], found["signature"]
    return Settings(
        shingle=text["shingle"],
        least=text["least"],
        most=text["most"],
        bands=made["bands"],
        rows=made["rows"],
        seed=made["seed"],
        alike=found["alike"]["share"],
        version=f"{hashlib.sha256(data).hexdigest()[:16]} {_probe(made)}",
    )


def _probe(made: dict[str, int]) -> str:
    """What the library makes of some words: another version of it might make something else, and says so nowhere."""
    return hashlib.sha256(str(_values(["satu dua tiga", "empat lima"], made)).encode()).hexdigest()[:16]


def _values(shingles: list[str], made: dict[str, int]) -> list[int]:
    minhash = RMinHash(num_perm=made["bands"] * made["rows"], seed=made["seed"])
    minhash.update(shingles)
    return list(minhash.digest())


def shingles(text: str) -> frozenset[str]:
    """The sequences of words of a text, without regard to case, marks and line ends; none of one that is too short."""
    how = settings()
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())[: how.most]
    if len(words) < how.least:
        return frozenset()
    line = " ".join(words)
    ends = list(accumulate(map(len, words), lambda end, size: end + 1 + size))
    starts = [0, *(end + 1 for end in ends)]
    return frozenset([line[start:end] for start, end in zip(starts, ends[how.shingle - 1 :], strict=False)])


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """What part of the sequences of either text both have (Jaccard), 0 to 1; 0 where a text is too short."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def signature(text: str) -> bytes:
    """The bands of a text, 8 bytes each; empty for one that is too short. The same on each machine and each time."""
    how, found = settings(), shingles(text)
    if not found:
        return b""
    made = {"bands": how.bands, "rows": how.rows, "seed": how.seed}
    return in_bands(_values(list(found), made), how.rows)


def in_bands(values: list[int], rows: int) -> bytes:
    """MinHash values of 32 bits as bands: a hash of so many of them and of their place."""
    data = b"".join(value.to_bytes(4, "little") for value in values)
    size = 4 * rows
    parts = (data[start : start + size] for start in range(0, len(data), size))
    return b"".join(
        hashlib.blake2b(part, digest_size=BAND, salt=place.to_bytes(4, "little")).digest()
        for place, part in enumerate(parts)
    )


def bands(signature: bytes) -> list[int]:
    """The bands of a signature as numbers of 64 bits with a sign."""
    return [int.from_bytes(signature[at : at + BAND], "little", signed=True) for at in range(0, len(signature), BAND)]
