"""What is known of who is who, for readers: as text, as JSON, as a set of links, as questions to be judged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg.find import short
from kg.link import sssom
from kg.link.body_names import lists
from kg.link.body_profiles import FOLDERS, BodyProfile, is_body
from kg.link.clusters import JUDGED, Merge
from kg.link.identity_graph import Identities, Known, identities
from kg.link.judgements import COLUMNS, SAME_AS, new_set
from kg.link.outcome import Candidate, Decision, Outcome
from kg.link.person_names import lore
from kg.link.profiles import Profile, tails

if TYPE_CHECKING:
    import pyoxigraph as ox

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "count": "Orang: {persons}, dalam artikel: {articles}; dalam beberapa artikel: {several}; digabung: {merged};"
        " senama dengan orang lain: {shared}; pasangan yang perlu dinilai: {open}",
        "merged": "Digabung",
        "shared": "Nama sama, orang lain",
        "open": "Perlu dinilai",
        "bodies": "Lembaga: {persons}, dalam artikel: {articles}; dalam beberapa artikel: {several};"
        " digabung: {merged}; senama dengan lembaga lain: {shared}; pasangan yang perlu dinilai: {open}",
        "shared bodies": "Nama sama, lembaga lain",
        "as": "ditulis",
        "also": "juga ditulis",
        "other": "orang lain dengan nama ini",
        "in": "artikel",
    },
    "en": {
        "count": "Persons: {persons}, in articles: {articles}; in several articles: {several}; merged: {merged};"
        " of one name with another: {shared}; pairs to be judged: {open}",
        "merged": "Merged",
        "shared": "One name, several persons",
        "open": "To be judged",
        "bodies": "Bodies: {persons}, in articles: {articles}; in several articles: {several}; merged: {merged};"
        " of one name with another: {shared}; pairs to be judged: {open}",
        "shared bodies": "One name, several bodies",
        "as": "written",
        "also": "also written",
        "other": "others of this name",
        "in": "articles",
    },
}
PEOPLE: Final = "people"
BODIES: Final = "bodies"
"""What readers ask for, and what the questions of a run come from."""


def _posts(profile: Profile) -> str:
    if isinstance(profile, BodyProfile):
        return profile.told
    return ", ".join(tails(profile)[: len(tails(profile)) // 2]) if profile.positions else ""


def described(profile: Profile) -> str:
    """A name with its posts, or what the body belongs to, in brackets."""
    posts = _posts(profile)
    return f"{profile.name} ({posts})" if posts else profile.name


def because(one: Merge) -> str:
    """Why two are one, with the score unless somebody judged."""
    return "; ".join(one.reasons) + ("" if one.score == JUDGED else f" [{one.score:.2f}]")


# ---------------------------------------------------------------- text and JSON


def _persons(known: Identities, what: str) -> list[Known]:
    return [one for one in known.persons() if is_body(next(iter(one.profiles.values())).id) is (what == BODIES)]


def _open(known: Identities, what: str) -> list[Merge]:
    return [one for one in known.open() if is_body(known.profile(one.a).id) is (what == BODIES)]


def report(known: Identities, lang: str, what: str = PEOPLE, *, limit: int | None = None) -> str:
    """All merges, all names that several persons have, and what is left to judge."""
    words = WORDS[lang]
    persons, left = _persons(known, what), _open(known, what)
    merged = [one for one in persons if one.merges]
    shared = _shared(persons)
    count = {
        "persons": len(persons),
        "articles": len({article for one in persons for article in one.articles}),
        "several": sum(len(one.articles) > 1 for one in persons),
        "merged": len(merged),
        "shared": sum(map(len, shared.values())),
        "open": len(left),
    }
    lines = [words["bodies" if what == BODIES else "count"].format(**count)]
    lines += _section(words["merged"], [line for one in merged[:limit] for line in _merged(one, words)])
    lines += _section(
        words["shared bodies" if what == BODIES else "shared"],
        [line for each in [*shared.values()][:limit] for line in _alike(each, words)],
    )
    lines += _section(words["open"], [line for one in left[:limit] for line in _left(known, one)])
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _merged(one: Known, words: Mapping[str, str]) -> Iterator[str]:
    yield f"  {one.name}  <{short(one.id)}>  {words['in']}: {len(one.articles)}"
    for merge in one.merges:
        a, b = (described(one.profiles[key]) for key in (merge.a, merge.b))
        yield f"      {a} = {b}: {because(merge)}"


def _alike(persons: Iterable[Known], words: Mapping[str, str]) -> Iterator[str]:
    for one in persons:
        posts = "; ".join(sorted({described(profile) for profile in one.profiles.values()}))
        yield f"  {posts}  <{short(one.id)}>  {words['in']}: {len(one.articles)}"


def _left(known: Identities, one: Merge) -> Iterator[str]:
    a, b = (described(known.profile(key)) for key in (one.a, one.b))
    yield f"  {a} ~ {b}: {because(one)}"


def _shared(persons: Iterable[Known]) -> dict[str, list[Known]]:
    """Id without its tail -> the persons who share it."""
    found: dict[str, list[Known]] = defaultdict(list)
    for one in persons:
        found[one.id.partition("--")[0]].append(one)
    return {key: alike for key, alike in found.items() if len(alike) > 1}


def as_json(known: Identities, what: str = PEOPLE) -> str:
    """The persons or bodies and what is left to judge, for programs."""
    persons = [
        {
            "id": one.id,
            "name": one.name,
            "articles": list(one.articles),
            "written": [described(one.profiles[key]) for key in sorted(one.profiles)],
            "merges": [_pair(known, merge) for merge in one.merges],
        }
        for one in _persons(known, what)
    ]
    version = lists().version if what == BODIES else lore().version
    key = "bodies" if what == BODIES else "persons"
    found = {"version": version, key: persons, "open": [_pair(known, one) for one in _open(known, what)]}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _pair(known: Identities, one: Merge) -> dict[str, object]:
    return {
        "a": described(known.profile(one.a)),
        "b": described(known.profile(one.b)),
        "score": min(one.score, 1.0),
        "reasons": list(one.reasons),
    }


# ---------------------------------------------------------------- one person, for kg show


def also(dataset: ox.Store, iri: str, lang: str) -> list[str]:
    """How else a person or body is written and why it is the same; and who else bears the name. Nothing for others."""
    known = identities(dataset)
    if known is None or not any(f"/id/{kind}/" in iri for kind in ("person", *FOLDERS)):
        return []
    nodes = known.with_id(iri)
    if not nodes:
        return []
    words, one = WORDS[lang], known.known(nodes[0])
    lines = []
    for merge in one.merges:
        a, b = (described(one.profiles[key]) for key in (merge.a, merge.b))
        lines.append(f"  {words['also']}: {a} = {b}, {because(merge)}")
    others = [short(other) for other in known.alike(iri) if other != iri]
    if others:
        lines.append(f"  {words['other']}: " + ", ".join(f"<{other}>" for other in others))
    return lines


# ---------------------------------------------------------------- SSSOM


def judging_id(known: Identities, key: str, *, apart_from: str = "") -> str:
    """The id by which a judgement means a profile: as articles write it where that is one person, else with a tail."""
    profile = known.profile(key)
    plain = f"{known.base}id/{profile.id}"
    same = {known.person_of(other) for other in known.named(profile.id)}
    if len(same) == 1 and known.profile(apart_from or key).id != profile.id:
        return plain
    ends = tails(profile)
    rival = tails(known.profile(apart_from)) if apart_from else []
    return f"{plain}--{next(end for end in ends if end not in rival)}"


def questions(known: Identities, what: str = PEOPLE) -> list[tuple[str, Outcome]]:
    """What is left to judge, as ``kg.link.review`` keeps it: a subject (IRI) with its candidates."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    labels: dict[str, str] = {}
    for one in _open(known, what):
        subject, other = judging_id(known, one.a, apart_from=one.b), judging_id(known, one.b, apart_from=one.a)
        labels[subject] = described(known.profile(one.a))
        if other not in {each.id for each in found[subject]}:
            found[subject].append(Candidate(other, described(known.profile(one.b)), one.score, one.reasons))
    return [(subject, Outcome(labels[subject], Decision.JUDGE, tuple(each), "")) for subject, each in found.items()]


_TITLES: Final = {
    PEOPLE: "Ids by which articles mean the same person.",
    BODIES: "Ids by which articles mean the same body.",
}


def links(known: Identities, what: str = PEOPLE) -> str:
    """The ids of articles that mean one person or body, as SSSOM: ``owl:sameAs`` with reasons.

    Only ids of which each means one alone are there: of others the articles must be known as well.
    """
    columns = (*COLUMNS, "similarity_score")
    found = new_set(known.base, what, _TITLES[what], columns)
    rows = {tuple(sorted(row.items())): row for row in _rows(known, what)}
    found.rows = [rows[key] for key in sorted(rows)]
    return sssom.dump(found)


def _rows(known: Identities, what: str) -> Iterator[dict[str, str]]:
    for one in _persons(known, what):
        for profile in one.profiles.values():
            written = f"{known.base}id/{profile.id}"
            if written == one.id or len({known.person_of(key) for key in known.named(profile.id)}) > 1:
                continue
            reasons = sorted({because(merge) for merge in one.merges})
            yield {
                "subject_id": written,
                "subject_label": profile.name,
                "predicate_id": SAME_AS,
                "object_id": one.id,
                "object_label": one.name,
                "mapping_justification": f"{sssom.SEMAPV}CompositeMatching",
                "confidence": f"{min(1.0, *(merge.score for merge in one.merges)):.2f}",
                "comment": "; ".join(reasons),
            }
