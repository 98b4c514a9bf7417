"""A person holds a post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.claims.context import Context, evidence
from kg.mentions import Mention
from kg.model import Appointment, Argument, Claim, Entity, Kind, Label, Status
from kg.names import slug
from kg.posts import marker_span
from kg.rules import Finding


def note(context: Context, findings: Sequence[Finding]) -> None:
    """Who holds which post: a bare post means its holder."""
    context.holders.note(findings)


def holds_post(context: Context, finding: Finding) -> Iterator[Claim]:
    """A person holds a post; the body stands in the phrase, in the post's name or nowhere."""
    post = finding.fillers.get("post")
    person = context.person(finding.fillers.get("person"), finding)
    if person is not None and isinstance(post, str):
        yield from _heads(context, finding, person, post)
    if not isinstance(post, Mention) or person is None:
        return
    outer = finding.fillers.get("org") or post.linked.get("org")
    outer = outer if isinstance(outer, Mention) else None
    region = finding.fillers.get("for") or post.linked.get("for")
    region = region if isinstance(region, Mention) else None
    made = context.posts.held(post.core, outer, region)
    yield context.claim(
        finding,
        person=person,
        post=Argument(made.entity, evidence(post.core)),
        organisation=made.organisation,
        **{"for": made.behalf},
        appointment=Argument(context.posts.appointment(post.core), marker_span(post.core)),
        status=Argument(context.posts.status(post.core, finding.fillers.get("status")), marker_span(post.core)),
    )


def _heads(context: Context, finding: Finding, person: Argument, post: str) -> Iterator[Claim]:
    """A post that a verb gives: who "mengepalai" a body is its Kepala."""
    body = finding.fillers.get("org")
    if isinstance(body, Mention) and (entity := context.entities.actor(body)) is not None:
        label = f"{post}{context.lexicon.of}{context.entities.words(body)}"
        spot = evidence(body)
        made = Entity(
            Kind.POST,
            f"post/{slug(label)}",
            Label(label, context.lexicon.tongue(label)),
            (),
            (("body", entity),),
            context.posts.role(post),
        )
        yield context.claim(
            finding,
            person=person,
            post=Argument(made, spot),
            organisation=Argument(entity, spot),
            appointment=Argument(Appointment.DEFINITIVE),
            status=Argument(Status.CURRENT),
        )
