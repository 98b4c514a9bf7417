"""Who has, runs or launches a programme, service or app with a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from kg.claims.appointments import post_of
from kg.claims.context import Context, evidence
from kg.claims.proper import proper_name
from kg.claims.regions import region_meant
from kg.mentions import Mention
from kg.model import Argument, Claim, Entity, Kind, Label
from kg.names import slug
from kg.rules import Finding


def runs_programme(context: Context, finding: Finding) -> Iterator[Claim]:
    """Each owner of a programme; an official who launches one does it for the body of the post."""
    named = proper_name(context, finding, "programme")
    if named is None:
        return
    spot, _ = named
    name = spot.of(context.text)
    programme = Entity(
        Kind.PROGRAMME, f"programme/{slug(name)}", Label(name, context.lexicon.tongue(name)), why="named by the text"
    )
    owners = [m for role in ("owner", "owner2") for m in context.mentions(finding.fillers.get(role))]
    if finding.fillers.get("owner") == "@region" and (region := region_meant(context, finding)) is not None:
        yield context.claim(
            finding,
            programme=Argument(programme, spot),
            owner=region,
            purpose=context.words_of(finding.fillers.get("purpose")),
        )
    for mention in owners:
        owner = _owner(context, mention)
        if owner is not None and isinstance(owner.value, Entity) and owner.value.label.text != name:
            yield context.claim(
                finding,
                programme=Argument(programme, spot),
                owner=owner,
                purpose=context.words_of(finding.fillers.get("purpose")),
            )


def _owner(context: Context, mention: Mention) -> Argument | None:
    post = mention if mention.core.type == "post" else post_of(mention)
    if post is None and mention.core.type == "person":
        post = context.holders.post_of(mention.core, mention.end)
    if post is None and mention.core.type != "person":
        return context.argument(context.entities.actor(mention), mention.core)
    if post is None:
        return None
    outer = post.linked.get("org")
    body = context.posts.held(post.core, outer if isinstance(outer, Mention) else None, None).organisation
    return None if body is None else Argument(body.value, evidence(post.core))
