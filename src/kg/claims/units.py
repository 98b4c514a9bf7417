"""A unit belongs to a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kg.claims.context import Context
from kg.mention import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, Relation
from kg.names import plain
from kg.rules import Finding

NUMBERED = re.compile(r"^[IVX]+ ")  # Komisariat Wilayah VI APEKSI
UNSURE = Decimal("0.75")  # a rule below it tells units of ministries only


def _is_of_network(context: Context, unit: Mention) -> bool:
    """Whether a unit's name is one of those that networks have: Sekretariat CityNet, but no Komite Statistik ASEAN."""
    return not context.lexicon.members("bodies.secretariats") or _begins(context, unit, "bodies.secretariats")


def _is_building(context: Context, unit: Mention) -> bool:
    """Whether a unit's name is but the word for a building: the kantor of a council."""
    return context.entities.full(unit) in context.lexicon.members("bodies.buildings")


def _begins(context: Context, body: Mention, heads: str) -> bool:
    return context.lexicon.begins(context.entities.full(body), heads)


def note(context: Context, findings: Iterable[Finding]) -> None:
    """The parents of units: ids of units need them."""
    for finding in findings:
        unit, parent = finding.fillers.get("unit"), finding.fillers.get("parent")
        if finding.rule.relation is Relation.UNIT_OF and isinstance(unit, Mention) and isinstance(parent, Mention):
            outer = context.entities.actor(parent)
            if outer is not None:
                name = context.entities.short.long(context.entities.full(unit))
                context.entities.note_parent(name, outer, context.entities.full(parent))


def unit_of(context: Context, finding: Finding) -> Iterator[Claim]:
    """A unit belongs to a body."""
    for unit in context.mentions(finding.fillers.get("unit")):
        for parent in context.mentions(finding.fillers.get("parent")):
            inner, outer = context.entities.actor(unit), context.entities.actor(parent)
            if _begins(context, parent, "bodies.branches") and not _begins(context, unit, "bodies.branches"):
                unit, parent, inner, outer = parent, unit, outer, inner  # BPJS Kesehatan Cabang Kupang
            if _begins(context, parent, "bodies.affiliations"):  # Anggota DPR RI Fraksi X
                continue
            if inner is None or outer is None or not _fit(context, finding, unit, inner, outer):
                continue
            yield context.claim(
                finding, unit=context.argument(inner, unit.core), parent=context.argument(outer, parent.core)
            )


def _fit(context: Context, finding: Finding, unit: Mention, inner: Entity, outer: Entity) -> bool:
    """Whether the one can be a unit of the other."""
    if inner.key == outer.key or _is_building(context, unit):  # Kantor DPRD
        return False
    if finding.rule.stage == "relation" and outer.kind is Kind.GOVERNMENT and inner.kind is not Kind.UNIT:
        return False  # Pemerintah Jepang melalui JICA
    if finding.rule.stage == "phrase" and outer.kind is Kind.NETWORK and not _is_of_network(context, unit):
        return False
    if finding.rule.confidence < UNSURE and (inner.kind is not Kind.UNIT or outer.kind is not Kind.MINISTRY):
        return False  # two bodies that stand side by side
    return inner.kind not in (Kind.MINISTRY, Kind.GOVERNMENT, Kind.OFFICIAL) and outer.kind is not Kind.OFFICIAL


def from_names(context: Context) -> Iterator[Claim]:
    """Offices whose name ends in their region belong to its government: Dinas Lingkungan Hidup Kota Batu."""
    yield from _secretariats(context)
    seen: set[str] = set()
    for mention in context.entities.every:
        if mention.type != "body":
            continue
        core = mention.core
        region = core.parts.get("region")
        entity = context.thing(mention) if region is not None else None
        if region is None or entity is None or entity.key in seen or entity.kind is Kind.GOVERNMENT:
            continue
        name = context.entities.full(mention)
        seen.add(entity.key)
        front = plain(context.text[core.start : region[0]])
        branch = any(front.endswith(f" {head}") for head in context.lexicon.members("bodies.branches"))
        national = branch or front in context.entities.reference.names  # BPK Perwakilan Sumatera Barat
        if not national and context.lexicon.begins(name, "bodies.regional"):
            place = context.entities.place_named(plain(context.text[slice(*region)]))
            spot = Evidence(*mention.name)
            arguments = (
                ("unit", Argument(entity, spot)),
                ("parent", Argument(context.entities.government(place), Evidence(*region))),
            )
            yield Claim(Relation.UNIT_OF, arguments, spot, "unit.region", Decimal("0.85"))


def _secretariats(context: Context) -> Iterator[Claim]:
    """The secretariats whose name ends in that of their network: Sekretariat ASEAN."""
    heads = context.lexicon.members("bodies.secretariats")
    seen: set[str] = set()
    for mention in context.entities.every:
        if mention.type != "body":
            continue
        name = context.entities.full(mention)
        head = max((head for head in heads if name.startswith(head + " ")), key=len, default="")
        rest = NUMBERED.sub("", name[len(head) + 1 :])
        if not head or name in seen:
            continue
        seen.add(name)
        unit, network = context.entities.actor(mention), context.entities.body_named(rest, "network")
        if unit is None or unit.kind is Kind.GOVERNMENT or not context.entities.reference.names.get(rest):
            continue
        start = mention.name[1] - len(rest)
        if network.kind is Kind.NETWORK and network.key != unit.key and context.text[start : mention.name[1]] == rest:
            spot = Evidence(*mention.name)
            arguments = (
                ("unit", Argument(unit, spot)),
                ("parent", Argument(network, Evidence(start, mention.name[1]))),
            )
            yield Claim(Relation.UNIT_OF, arguments, spot, "unit.secretariat", Decimal("0.85"))
