"""Short names that the text introduces in brackets: "Kementerian Dalam Negeri (Kemendagri)".

Initials are read from right to left and give the left end of the long form themselves; otherwise the nearest head word
whose letters come in order from the same first letter opens it (syllables: Kementerian DALAM NeGeRI). Figures on both
checks: 85 true pairs and 7,126 crossed ones, in the project's research notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from kg.tokens import Tokens

MEMBERS = frozenset("CWLNGAFKJYHEVOSPRBkfdnpw-&,Q")
FORMS = frozenset({"Persero", "Perseroda", "Tbk"})  # legal forms, which no abbreviation counts
INSIDE = frozenset("CWLNGAKJYHEVOSPRBn-./kQ")
HEADS = frozenset("OSPEJNRHBGF")
LEAST_IN_ANY_ORDER = 2  # a short form of so few letters may be anybody's
WINDOW = 16  # tokens to the left of the bracket
INITIALS = re.compile(r"[A-Z0-9][A-Za-z0-9]?[A-Z0-9&/-]{1,9}|[A-Z]{2,12}")
WORDS = re.compile(r"[^\W_]+")


def letters_in_order(long: str, short: str) -> bool:
    """Whether the letters of the short form come in that order in the long one, from the same first letter."""
    wanted = "".join(WORDS.findall(short)).lower()
    given = "".join(WORDS.findall(long)).lower()
    if not wanted or not given or given[0] != wanted[0] or len(wanted) >= len(given):
        return False
    position = 0
    for char in wanted:
        position = given.find(char, position) + 1
        if position == 0:
            return False
    return True


def initials_start(words: Sequence[str], short: str, passed: AbstractSet[str]) -> int | None:
    """The index of the first word of the long form whose initials make the short one, read from the right."""
    wanted = "".join(WORDS.findall(short)).lower()
    at, left = len(words) - 1, len(wanted) - 1
    while at >= 0 and left >= 0:
        word = words[at].lower()
        if word[0] == wanted[left]:
            if left == 0:
                return at
            left -= 1
        elif word not in passed:
            return None
        at -= 1
    return None


def any_order_start(words: Sequence[str], short: str, passed: AbstractSet[str]) -> int | None:
    """The same where the short form has the initials of all the words in another order: Mayors and Bay Forum (BMF)."""
    wanted = sorted("".join(WORDS.findall(short)).lower())
    counted = [(at, word[0].lower()) for at, word in enumerate(words) if word.lower() not in passed]
    last = counted[-len(wanted) :]
    fits = len(wanted) > LEAST_IN_ANY_ORDER and sorted(initial for _, initial in last) == wanted
    return last[0][0] if fits and last[-1][1] == WORDS.findall(short)[-1][-1].lower() else None


def long_form(tokens: Tokens, bracket: int, text: str, short: str, passed: AbstractSet[str]) -> int | None:
    """The index of the token that opens the long form of ``short``, which stands behind ``tokens[bracket]``."""
    run = _run(tokens, bracket, text)
    if not run:
        return None
    if INITIALS.fullmatch(short):
        words = [
            (index, word)
            for index in run
            for word in WORDS.findall(text[tokens.starts[index] : tokens.ends[index]])
            if word not in FORMS
        ]
        start = initials_start([word for _, word in words], short, passed)
        if start is None:
            start = any_order_start([word for _, word in words], short, passed)
        if start is not None and start < len(words) - 1:
            return words[start][0]
    end = tokens.ends[bracket - 1]
    fitting = [
        index
        for index in run
        if tokens.letters[index] not in "wk"
        and text[tokens.starts[index]].isupper()
        and letters_in_order(text[tokens.starts[index] : end], short)
    ]
    heads = [index for index in fitting if tokens.letters[index] in HEADS]
    return heads[-1] if heads else fitting[0] if fitting else None


def _run(tokens: Tokens, bracket: int, text: str) -> list[int]:
    """The tokens left of the bracket that may belong to one name, in order."""
    run: list[int] = []
    at = bracket - 1
    lowercase = 0
    while at >= 0 and tokens.letters[at] in MEMBERS and bracket - at <= WINDOW:
        if tokens.letters[at] == "," and (at + 1 == len(tokens.letters) or tokens.letters[at + 1] not in "Wd"):
            break
        lowercase += tokens.letters[at] == "w"
        if lowercase and any(tokens.letters[index] not in "wkfd" for index in run):
            break
        run.append(at)
        at -= 1
    run.reverse()
    while run and tokens.letters[run[0]] in "kfdn-&,":
        del run[0]
    return run
