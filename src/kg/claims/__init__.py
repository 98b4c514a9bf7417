"""Findings -> claims: the mentions of each finding become things, values and evidence.

One function a relation (``BUILDERS``), in a module for each family of relations; a finding whose roles can't be filled
gives no claim. A new relation is a function of a context and a finding, and a line in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from kg.claims import (
    agreements,
    aliases,
    appointments,
    awards,
    completing,
    funding,
    meetings,
    memberships,
    networks,
    places,
    posts,
    programmes,
    quotations,
    units,
)
from kg.claims.context import Context
from kg.model import Claim, Relation
from kg.rules import Finding

__all__ = ["BUILDERS", "Context", "build"]

BUILDERS: Mapping[Relation, Callable[[Context, Finding], Iterable[Claim]]] = MappingProxyType(
    {
        Relation.HOLDS_POST: posts.holds_post,
        Relation.UNIT_OF: units.unit_of,
        Relation.ALIAS: aliases.alias,
        Relation.MEMBER_OF: memberships.member_of,
        Relation.HELD_ON: meetings.held_on,
        Relation.ENDS_ON: meetings.ends_on,
        Relation.HELD_IN: meetings.held_in,
        Relation.EDITION: meetings.edition,
        Relation.ORGANISED_BY: meetings.organised_by,
        Relation.ATTENDED_BY: meetings.attended_by,
        Relation.LEADS_DELEGATION: meetings.leads_delegation,
        Relation.LOCATED_IN: places.located_in,
        Relation.SAYS: quotations.says,
        Relation.FUNDING: funding.funding,
        Relation.APPOINTED: appointments.appointed,
        Relation.HELD_POST: posts.held_post,
        Relation.PARTY_TO: agreements.party_to,
        Relation.AWARDED: awards.awarded,
        Relation.NETWORK_ROLE: networks.network_role,
        Relation.MEMBER_COUNT: networks.member_count,
        Relation.FOUNDED: networks.founded,
        Relation.RUNS_PROGRAMME: programmes.runs_programme,
    }
)
NOTES: tuple[Callable[[Context, Sequence[Finding]], None], ...] = (
    posts.note,
    units.note,
    quotations.note,
    aliases.note,
    meetings.note,
    appointments.note,
    agreements.note,
    funding.note,
)
"""What must be known of all findings before the first thing gets its id."""
FROM_NAMES: tuple[Callable[[Context], Iterable[Claim]], ...] = (
    aliases.from_names,
    units.from_names,
    meetings.from_names,
)
"""What names state by themselves, without a rule."""


def build(context: Context, findings: Sequence[Finding]) -> list[Claim]:
    """All claims, one a finding or more, in the order of the text; not yet merged."""
    for note in NOTES:
        note(context, findings)
    claims: list[Claim] = []
    for finding in sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule.id)):
        if finding.rule.relation is not None:
            claims += BUILDERS[finding.rule.relation](context, finding)
    for read in FROM_NAMES:
        claims += read(context)
    return completing.completed(context, awards.completed(claims))
