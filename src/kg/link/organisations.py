"""Two bodies of two articles: one or two? By their names, and by what they belong to.

Words are compared as they stand, in their order: offices have names of common words, of which one other makes another
office. What may differ is how it is written: short names that the lists or the article know, a legal form, the
territory at the end. What they belong to must agree; where one article doesn't say, only a name that tells enough makes
them one.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from kg.link.body_names import Name, lists, parse, tells
from kg.link.outcome import Decision
from kg.link.people import Verdict
from kg.names import language
from kg.records import record

STEP: Final = 0.01  # what a short name written out, or a legal form left out, takes from a score of 1
INTRODUCED: Final = 0.95  # a short name that one of the articles introduced
LONGER: Final = 0.8  # one name goes on where the other ends
UNCLEAR: Final = 0.8  # the same name, but nobody says that it is of the same territory or parent
LETTERS: Final = 4  # from so many a short name that nothing else tells of is one body's
ENOUGH: Final = 2  # words from which a name tells enough without the parent


@record(frozen=True, slots=True)
class Body:
    """A body as one article has it: the preferred name first; ``anchor`` is the key of the nearest known parent.

    ``within`` are the names of what it belongs to below that: Biro Umum, of the Sekretariat Daerah, of a government.
    """

    names: tuple[str, ...]
    anchor: str = ""
    within: tuple[str, ...] = ()
    kind: str = "body"

    @property
    def name(self) -> Name:
        """The preferred name, read."""
        return parse(self.names[0], self.anchor)

    @property
    def known(self) -> str:
        """The key of the nearest known parent, be it that only the name says so: Biro Humas Kementerian Pertanian."""
        return self.anchor or ("" if self.within else self.name.of)

    @property
    def places(self) -> frozenset[str]:
        """The codes of the regions that it may be of."""
        if self.anchor.startswith("government/"):
            return frozenset({self.anchor.removeprefix("government/")})
        return self.name.places or frozenset(code for name in self.within for code in parse(name).places)


def is_told(body: Body) -> bool:
    """Whether anything tells the body from others of its name: what it belongs to, its territory, or the name."""
    if body.known or body.places or body.kind != "body":
        return True
    return any(tells(name) > 0 for name in (body.name, *map(parse, body.within)))


def compare(a: Body, b: Body) -> Verdict:
    """One body or two, the same either way round."""
    if a.kind != b.kind:
        return Verdict(0.0, Decision.NONE, ("one is a network",), apart=True)
    fit = _names(a, b)
    if fit is None:
        return Verdict(0.0, Decision.NONE, ("other words",), apart=_two_full(a, b))
    score, reasons, told = fit
    against = _against(a, b)
    if against:
        return Verdict(0.0, Decision.NONE, (*reasons, against), apart=True)
    agreed = _agreed(a, b)
    if score <= LONGER:
        if agreed:
            return Verdict(score, Decision.JUDGE, reasons, apart=True)
        return Verdict(0.0, Decision.NONE, reasons, apart=True)
    if agreed or told:
        return Verdict(round(score, 4), Decision.LINKED, (*reasons, *([agreed] if agreed else [])))
    return Verdict(UNCLEAR, Decision.JUDGE, (*reasons, "nothing says that they belong to one territory or parent"))


# ---------------------------------------------------------------- names


def _names(a: Body, b: Body) -> tuple[float, tuple[str, ...], bool] | None:
    """How names fit: score, reasons, and whether they tell enough by themselves; None where they are others."""
    one, other = a.name, b.name
    if _two_forms(one, other):
        return None
    if one.core == other.core or one.words == other.words:
        return _same(a, b, one, other)
    introduced = _introduced(a, b)
    if introduced:
        words, short = introduced
        enough = tells(words) > 0 and (not short or len(words.words[0]) >= LETTERS)
        return INTRODUCED, (f"'{' '.join(words.words)}' is a short name of one of them",), enough
    shorter, longer = sorted((one.core, other.core), key=len)
    if longer[: len(shorter)] == shorter and len(shorter) > 1:
        return LONGER, (f"only one goes on with '{' '.join(longer[len(shorter) :])}'",), False
    if _one_more(shorter, longer):
        return LONGER, ("one has more words",), False
    return None


def _one_more(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether a longer list of fields holds the shorter one in order: "A dan B", "A, B, C dan D"."""
    rest = iter(word for word in longer if word != "dan")
    wanted = [word for word in shorter if word != "dan"]
    return len(wanted) > 2 and wanted[:2] == [w for w in longer if w != "dan"][:2] and all(w in rest for w in wanted)


def _two_full(a: Body, b: Body) -> bool:
    """Whether both have a full name of one language: then other words are another body."""
    short = a.name.is_short or b.name.is_short
    return not short and language(a.names[0]) == language(b.names[0])


def _two_forms(one: Name, other: Name) -> bool:
    ours, theirs = (lists().kinds & name.forms for name in (one, other))
    return bool(ours and theirs and ours != theirs)


def _same(a: Body, b: Body, one: Name, other: Name) -> tuple[float, tuple[str, ...], bool]:
    steps = sorted({*one.steps} ^ {*other.steps})
    reasons = [*steps]
    if one.forms != other.forms:
        reasons.append(f"only one has '{' '.join(sorted(one.forms ^ other.forms)).upper()}'")
    score = 1 - STEP * len(reasons)
    whole = one.words == other.words and not (bool(one.forms) ^ bool(other.forms))
    needed = 1 if whole else ENOUGH
    enough = a.kind != "body" or min(tells(one), tells(other)) >= needed or (whole and bool(one.places | other.places))
    if a.kind == "body" and not whole and a.places != b.places:
        enough = False  # RSUD Bogor, RSUD Kota Bogor
    return max(score, INTRODUCED), tuple(reasons) or ("the same name",), enough


def _introduced(a: Body, b: Body) -> tuple[Name, bool] | None:
    """The name that one side has beside its preferred one and the other prefers; and whether it is one word."""
    for ours, theirs in ((a, b), (b, a)):
        preferred = theirs.name
        if preferred.is_short and not _full(theirs) <= _full(ours):
            continue  # two full names that differ are two bodies, whatever short name they share
        if any(preferred.core == parse(text, ours.anchor).core for text in ours.names[1:]):
            return preferred, preferred.is_short
    return None


def _full(body: Body) -> set[tuple[str, ...]]:
    return {name.core for name in _read(body) if not name.is_short}


# ---------------------------------------------------------------- what they belong to


def _against(a: Body, b: Body) -> str:
    """Why what they belong to keeps them apart; else ""."""
    if a.known and b.known and a.known != b.known:
        return f"of {min(a.known, b.known)} and of {max(a.known, b.known)}"
    if a.places and b.places and not a.places & b.places:
        codes = sorted((min(a.places), min(b.places)))
        return f"of place/{codes[0]} and of place/{codes[1]}"
    ours, theirs = (tuple(parse(name, body.anchor).core for name in body.within) for body in (a, b))
    if ours and theirs and ours != theirs:
        return "of two bodies"
    return ""


def _agreed(a: Body, b: Body) -> str:
    """What both belong to; "" where one doesn't say."""
    if bool(a.within) != bool(b.within):
        return ""
    if a.known and a.known == b.known:
        return f"both of {a.known}"
    if a.places and a.places == b.places and len(a.places) == 1:
        return f"both of place/{min(a.places)}"
    if a.within and all(map(_fixed_name, a.within)):
        return f"both of {a.within[0]}"
    return ""


def _fixed_name(name: str) -> bool:
    found = parse(name)
    return tells(found) > 0 or len(found.places) == 1


def _read(body: Body) -> list[Name]:
    """All names of a body, read."""
    return [parse(text, body.anchor) for text in dict.fromkeys(body.names)]


def blocks(body: Body) -> frozenset[str]:
    """The keys that two bodies share if ``compare`` may take them for one, or to be judged."""
    at = sorted(body.places | ({body.known} if body.known else set()))
    found = set()
    for name, place in product(_read(body), at):
        found |= {f"{body.kind} {' '.join(name.core)} {place}", f"{body.kind} {' '.join(name.core[:2])}… {place}"}
    for name in _read(body):
        if body.kind != "body" or tells(name) > 0 or name.is_short or body.name.places:
            found |= {f"{body.kind} {' '.join(name.core)}", f"{body.kind} {' '.join(name.words)}"}
    if body.within:
        found.add(f"{body.kind} {' '.join(body.name.core)} of {' '.join(parse(body.within[0], body.anchor).core)}")
    return frozenset(found)
