"""Who signs which agreement, what about and when."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.calendar import as_date
from kg.claims.appointments import only_day
from kg.claims.context import Context, evidence
from kg.claims.offices import acts_for
from kg.claims.regions import body_meant, pair_meant, region_meant
from kg.mention import Mention
from kg.model import Argument, Claim, Entity, Kind, Label, Relation
from kg.names import plain, slug
from kg.positions import Placed
from kg.rules import Finding, Words

MOST = 50  # agreements told of before that one may be the same as; no news has more


@dataclass(slots=True)
class Signing:
    """What the findings about one agreement say together."""

    kind: str
    parties: set[str]
    subject: str | None
    named: bool = True  # as the kind of agreement that it is, not as "kerja sama" or "kesepakatan" alone
    names: list[str] = field(default_factory=list)
    day: Argument | None = None  # that a sentence of its own tells
    number: int = 0  # of those of its kind before it
    stated: bool = False  # that somebody is party to it

    def fits(self, other: Signing) -> bool:
        """Whether the other may be the same agreement: of one kind, with nothing that tells them apart."""
        if not (self.named and other.named):
            return self.parties <= other.parties or other.parties <= self.parties
        same_subject = self.subject is None or other.subject is None or self.subject == other.subject
        return self.kind == other.kind and same_subject and bool(self.parties & other.parties or not other.parties)


def note(context: Context, findings: Sequence[Finding]) -> None:
    """Which findings are about one agreement: its id, names, subject and day come from all of them."""
    signings: list[Signing] = []
    ends: list[int] = []  # where the sentences are in which they were told
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.rule.relation is not Relation.PARTY_TO:
            continue
        agreement = _mention(context, finding)
        if agreement is None:
            continue
        if not _has_parties(finding):
            _note_day(context, finding, signings[bisect_left(ends, finding.start) - 1 :][:1])
            continue
        name = _name(context, agreement)
        kind = context.lexicon.agreements.get(name.lower(), name.lower())
        subject = _subject(context, finding)
        said = subject.value.text.casefold() if subject and isinstance(subject.value, Label) else None
        parties = {_key(party) for party in _parties(context, finding)}
        new = Signing(kind, parties, said, isinstance(agreement, Mention))
        signing = next((known for known in signings[-MOST:] if known.fits(new)), new)
        if signing is new:
            signings.append(new)
            ends.append(finding.sentence.end)
        if new.named and not signing.named:
            signing.kind, signing.names, signing.named = new.kind, [], True
        signing.parties |= new.parties
        signing.subject = signing.subject or new.subject
        if new.named or not signing.named:
            signing.names += [form for form in _forms(context, agreement) if form not in signing.names]
        context.agreements[id(finding)] = signing
    of_kind: Counter[str] = Counter()
    for signing in signings:
        signing.number = of_kind[signing.kind]
        of_kind[signing.kind] += 1


def named(context: Context, agreement: Mention) -> Entity | None:
    """The agreement that a mention names: one that somebody is said to sign, else one of that name."""
    forms = _forms(context, agreement)
    signings = (signing for signing in context.agreements.values() if not set(forms).isdisjoint(signing.names))
    signing = next(signings, None) or Signing(_name(context, agreement).lower(), set(), None, names=forms)
    return _agreement(context, signing) if signing.names else None


def _has_parties(finding: Finding) -> bool:
    return not {"party", "with", "both"}.isdisjoint(finding.fillers)


def _note_day(context: Context, finding: Finding, last: Sequence[Signing]) -> None:
    """The day that a sentence tells of the agreement spoken of: "Perjanjian itu diteken 12 Januari lalu"."""
    date, occasion = finding.fillers.get("date"), finding.fillers.get("e9")
    if isinstance(occasion, Mention) and not context.says("relations.signing", occasion.start, occasion.end):
        return
    days = context.days(date)
    day = as_date(days[0]) if days is not None and days[0] == days[1] else None
    for signing in last:
        if isinstance(date, Mention) and isinstance(day, dt.date) and (context.day is None or day <= context.day):
            signing.day = signing.day or context.argument(day, date.core)


def party_to(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each party of an agreement."""
    agreement, signing = _mention(context, finding), context.agreements.get(id(finding))
    if agreement is None or signing is None or (signing.named and isinstance(agreement, Words)):
        return
    day = context.dates(finding)
    date = finding.fillers.get("date")
    signed = as_date(day[0]) if day is not None and day[0] == day[1] else None
    if isinstance(signed, dt.date) and context.day is not None and signed > context.day:
        return  # what is yet to be signed is a plan
    told = context.argument(signed, date.core) if isinstance(date, Mention) else only_day(context, finding)
    for party in _parties(context, finding):
        signing.stated = True
        yield context.claim(
            finding,
            agreement=Argument(_agreement(context, signing), evidence(agreement)),
            party=party,
            subject=_subject(context, finding),
            date=told or signing.day or context.dateline_day(finding),
        )


def _mention(context: Context, finding: Finding) -> Mention | Words | None:
    """The agreement that is named, or the one named last: "Naskah itu diteken"."""
    filler = finding.fillers.get("agreement")
    if isinstance(filler, Mention):
        return filler
    if isinstance(deal := finding.fillers.get("deal"), Words):
        return deal
    return context.once("agreements", _agreements_named).last_before(finding.start) if filler == "@spoken" else None


def _agreements_named(context: Context) -> Placed[Mention]:
    """The agreements that the text names outside quotations."""
    sentences = [sentence for sentence in context.entities.sentences if not sentence.in_quotation]
    return Placed([(m.start, m) for sentence in sentences for m in sentence.mentions if m.core.type == "agreement"])


def _agreement(context: Context, signing: Signing) -> Entity:
    tail = f"-{signing.number + 1}" if signing.number else ""
    labels = [Label(name, context.lexicon.tongue(name)) for name in signing.names]
    key = f"agreement/{context.article.key}-{slug(signing.kind)}{tail}"
    return Entity(Kind.AGREEMENT, key, labels[0], tuple(labels[1:]))


def _subject(context: Context, finding: Finding) -> Argument | None:
    return context.words_of(finding.fillers.get("subject") or finding.fillers.get("subject2"))


def _parties(context: Context, finding: Finding) -> list[Argument]:
    mentions = [m for role in ("party", "with") for m in context.mentions(finding.fillers.get(role))]
    found = [
        acts_for(context, mention) or context.party(mention, finding)  # who signs for none is a party in person
        for before, mention in pairwise([None, *mentions])
        if mention is not None and not _locates(context, before, mention)
    ]
    if finding.fillers.get("party") == "@region":
        found = [region_meant(context, finding), *found]
    if isinstance(own := finding.fillers.get("own"), Words) and (body := body_meant(context, finding, own)) is not None:
        found.append(body)
    if isinstance(both := finding.fillers.get("both"), Words):
        found += pair_meant(context, finding, both)
    parties = [party for party in found if party is not None and not _is_bare(context, party)]
    bodies = [party for party in parties if not _is_official(party)]
    known = finding.fillers.get("agreement") == "@spoken"
    return bodies if bodies or known else parties  # beside a body, a person only holds the pen


def _is_bare(context: Context, party: Argument) -> bool:
    """Whether a unit bears no name that tells of which body it is: "Kantor Cabang"."""
    heads = context.lexicon.members("bodies.units") | context.lexicon.members("bodies.branches")
    return isinstance(party.value, Entity) and party.value.label.text in heads


def _is_official(party: Argument) -> bool:
    return isinstance(party.value, Entity) and party.value.kind is Kind.OFFICIAL


def _locates(context: Context, before: Mention | None, mention: Mention) -> bool:
    """Whether a place only says where the body before it is: "Pemkot Toyama, Jepang"."""
    beside = before is not None and before.core.type == "body" and mention.core.type == "place"
    return beside and before is not None and context.text[before.end : mention.start] == ", "


def _key(party: Argument) -> str:
    return party.value.key if isinstance(party.value, Entity) else ""


def _name(context: Context, agreement: Mention | Words) -> str:
    return plain(_whole(context, agreement))


def _whole(context: Context, agreement: Mention | Words) -> str:
    spot = agreement.core if isinstance(agreement, Mention) else agreement
    return context.text[spot.start : spot.end]


def _forms(context: Context, agreement: Mention | Words) -> list[str]:
    """The name, and the short one in brackets behind it."""
    whole = _whole(context, agreement)
    short = whole.partition("(")[2].rstrip(") ")
    return [form for form in (_name(context, agreement), short) if form]
