"""Who has, runs or launches a programme, service or app with a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from kg.claims.context import Context
from kg.claims.offices import acts_for
from kg.claims.proper import proper_name
from kg.claims.regions import body_meant, region_meant
from kg.model import Argument, Claim, Entity, Kind, Label
from kg.names import slug
from kg.rules import Finding, Words


def runs_programme(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each owner of a programme; an official who launches one does it for the body of the post."""
    named = proper_name(context, finding, "programme")
    if named is None:
        return
    spot, _ = named
    name = spot.of(context.text)
    opening = name.split(" ", 1)[0]
    if finding.fillers.get("named") == "programme" and opening not in context.lexicon.members("relations.programmes"):
        return
    programme = Entity(
        Kind.PROGRAMME, f"programme/{slug(name)}", Label(name, context.lexicon.tongue(name)), why="named by the text"
    )
    for owner in _owners(context, finding):
        if isinstance(owner.value, Entity) and owner.value.label.text != name:
            yield context.claim(
                finding,
                programme=Argument(programme, spot),
                owner=owner,
                purpose=context.words_of(finding.fillers.get("purpose")),
            )


def _owners(context: Context, finding: Finding) -> Iterator[Argument]:
    if finding.fillers.get("owner") == "@region" and (region := region_meant(context, finding)) is not None:
        yield region
    own = finding.fillers.get("own")
    if isinstance(own, Words) and (body := body_meant(context, finding, own)) is not None:
        yield body
    for mention in (m for role in ("owner", "owner2") for m in context.mentions(finding.fillers.get(role))):
        who = context.holders.subject(mention.core.start) if mention.core.generic else mention
        owner = acts_for(context, who) if who is not None else None
        if owner is None and mention.core.type not in ("person", "post"):
            owner = context.argument(context.entities.actor(mention), mention.core)
        if owner is not None:
            yield owner
