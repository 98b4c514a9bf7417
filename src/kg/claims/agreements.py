"""Who signs which agreement, what about and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.calendar import as_date
from kg.claims.appointments import only_day
from kg.claims.context import Context, evidence
from kg.claims.offices import acts_for
from kg.claims.regions import region_meant
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Kind, Label, Relation
from kg.names import plain, slug
from kg.positions import Placed
from kg.rules import Finding


@dataclass(slots=True)
class Signing:
    """What the findings about one agreement say together."""

    kind: str
    parties: set[str]
    subject: str | None
    names: list[str] = field(default_factory=list)

    def fits(self, other: Signing) -> bool:
        """Whether the other may be the same agreement: of one kind, with nothing that tells them apart."""
        same_subject = self.subject is None or other.subject is None or self.subject == other.subject
        return self.kind == other.kind and same_subject and bool(self.parties & other.parties or not other.parties)


def note(context: Context, findings: Sequence[Finding]) -> None:
    """Which findings are about one agreement: its id, names and subject come from all of them."""
    signings: list[Signing] = []
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.rule.relation is not Relation.PARTY_TO:
            continue
        agreement = _mention(context, finding)
        if agreement is None:
            continue
        name = _name(context, agreement)
        kind = context.lexicon.agreements.get(name.lower(), name.lower())
        subject = _subject(context, finding)
        said = subject.value.text.casefold() if subject and isinstance(subject.value, Label) else None
        new = Signing(kind, {_key(party) for party in _parties(context, finding)}, said)
        signing = next((known for known in signings if known.fits(new)), new)
        if signing is new:
            signings.append(new)
        signing.parties |= new.parties
        signing.subject = signing.subject or new.subject
        signing.names += [form for form in _forms(context, agreement) if form not in signing.names]
        context.agreements[id(finding)] = (signings.index(signing), signing.kind, signing.names)


def party_to(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each party of an agreement."""
    agreement = _mention(context, finding)
    if agreement is None or id(finding) not in context.agreements:
        return
    day = context.dates(finding)
    date = finding.fillers.get("date")
    signed = as_date(day[0]) if day is not None and day[0] == day[1] else None
    if isinstance(signed, dt.date) and context.day is not None and signed > context.day:
        return  # what is yet to be signed is a plan
    parties = _parties(context, finding)
    for party in parties:
        yield context.claim(
            finding,
            agreement=Argument(_agreement(context, finding), evidence(agreement)),
            party=party,
            subject=_subject(context, finding),
            date=context.argument(signed, date.core) if isinstance(date, Mention) else only_day(context, finding),
        )


def _mention(context: Context, finding: Finding) -> Mention | None:
    """The agreement that is named, or the one named last: "Naskah itu diteken"."""
    filler = finding.fillers.get("agreement")
    if isinstance(filler, Mention):
        return filler
    return context.once("agreements", _agreements_named).last_before(finding.start) if filler == "@spoken" else None


def _agreements_named(context: Context) -> Placed[Mention]:
    """The agreements that the text names outside quotations."""
    sentences = [sentence for sentence in context.entities.sentences if not sentence.in_quotation]
    return Placed([(m.start, m) for sentence in sentences for m in sentence.mentions if m.core.type == "agreement"])


def _agreement(context: Context, finding: Finding) -> Entity:
    number, kind, names = context.agreements[id(finding)]
    same = [index for index, other, _ in context.agreements.values() if other == kind and index < number]
    tail = f"-{len(set(same)) + 1}" if same else ""
    labels = [Label(name, context.lexicon.tongue(name)) for name in names]
    return Entity(Kind.AGREEMENT, f"agreement/{context.article.key}-{slug(kind)}{tail}", labels[0], tuple(labels[1:]))


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
    parties = [party for party in found if party is not None]
    bodies = [party for party in parties if not _is_official(party)]
    known = finding.fillers.get("agreement") == "@spoken"
    return bodies if bodies or known else parties  # beside a body, a person only holds the pen


def _is_official(party: Argument) -> bool:
    return isinstance(party.value, Entity) and party.value.kind is Kind.OFFICIAL


def _locates(context: Context, before: Mention | None, mention: Mention) -> bool:
    """Whether a place only says where the body before it is: "Pemkot Toyama, Jepang"."""
    beside = before is not None and before.core.type == "body" and mention.core.type == "place"
    return beside and before is not None and context.text[before.end : mention.start] == ", "


def _key(party: Argument) -> str:
    return party.value.key if isinstance(party.value, Entity) else ""


def _name(context: Context, agreement: Mention) -> str:
    return plain(context.text[agreement.core.start : agreement.core.end])


def _forms(context: Context, agreement: Mention) -> list[str]:
    """The name, and the short one in brackets behind it."""
    whole = context.text[agreement.core.start : agreement.core.end]
    short = whole.partition("(")[2].rstrip(") ")
    return [form for form in (_name(context, agreement), short) if form]
