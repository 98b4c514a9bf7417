"""Values -> RDF terms: literals, and the id of every thing."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg import vocabulary as v
from kg.model import Article, Claim, Entity, Evidence, Label, Value
from kg.names import slug

Object = NamedNode | Literal

_IRI_SAFE: Final = "/-._~:!$&'()*+,;=@?"  # what RFC 3987 allows unescaped in a path, query or fragment


def iri(text: str) -> NamedNode:
    """The node of an absolute IRI; what no IRI may hold is percent-encoded. ValueError for a relative one."""
    try:
        return NamedNode(text)
    except ValueError:
        path, mark, fragment = text.partition("#")
        return NamedNode(quote(path, safe=_IRI_SAFE) + mark + quote(fragment, safe=_IRI_SAFE))


def lexical(value: Value) -> str:
    """The plain text of a value: the name of a thing, an ISO 8601 date, a canonical xsd:decimal ..."""
    if isinstance(value, Entity):
        return value.label.text
    if isinstance(value, Label):
        return value.text
    if isinstance(value, Article):
        return value.key
    if isinstance(value, Decimal):
        return _decimal(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _decimal(value: Decimal) -> str:
    # The store keeps numbers, not their spelling: "0.90" would come out of it as "0.9".
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def typed(value: Value, datatype: NamedNode) -> Literal:
    """A literal of that datatype, whether or not the value is one: the gate decides."""
    return Literal(lexical(value), datatype=datatype)


def when(value: Value) -> Literal:
    """A day as xsd:date, a month without a day as xsd:gYearMonth; what is neither is left to the gate."""
    text = lexical(value)
    return Literal(text, datatype=v.G_YEAR_MONTH if MONTH.fullmatch(text) else v.DATE)


def year(value: Value) -> Literal:
    """A year as xsd:gYear, four digits at least."""
    text = str(value.year) if isinstance(value, dt.date) else lexical(value)
    return Literal(text.zfill(4) if text.isdecimal() else text, datatype=v.G_YEAR)


def year_or_day(value: Value) -> Literal:
    """A day as xsd:date, a year as xsd:gYear."""
    return typed(value, v.DATE) if isinstance(value, dt.date) else year(value)


def worded(value: Value, language: str) -> Literal:
    """Text with its language: a label's own, else the one given."""
    tag = value.language if isinstance(value, Label) else language
    return Literal(lexical(value), language=tag.lower())


def concept(value: Value) -> NamedNode:
    """The ontology's concept of an appointment, a status, a kind of funding or a role."""
    return NamedNode(v.ONTOLOGY_BASE + quote(lexical(value), safe="-"))


@dataclass(frozen=True, slots=True)
class Ids:
    """Every id, from few stable raw fields: no clock, counter or chance."""

    base: str = v.DEFAULT_BASE

    def node(self, path: str) -> NamedNode:
        """The node of a path below ``id/``, as in ``place/35.78``."""
        return iri(f"{self.base}id/{path}")

    def article(self, article: Article) -> NamedNode:
        """The article, which is also the name of the graph of its facts."""
        return self.node(f"article/{article.key}")

    def provenance(self, article: Article) -> NamedNode:
        """The graph of its claims and their evidence."""
        return self.node(f"article/{article.key}/provenance")

    def quarantine(self, article: Article) -> NamedNode:
        """The graph of its refused claims."""
        return self.node(f"article/{article.key}/quarantine")

    def extraction(self, article: Article) -> NamedNode:
        """The activity that read it."""
        return self.node(f"article/{article.key}/extraction")

    def evidence(self, article: Article, span: Evidence) -> NamedNode:
        """A span of its text, by RFC 5147: code points, end exclusive."""
        return self.node(f"article/{article.key}#char={span.start},{span.end}")

    def software(self, version: str) -> NamedNode:
        """The program in a version."""
        return self.node(f"software/kg-{version}")

    def claim(self, article: Article, claim: Claim) -> NamedNode:
        """A claim, by what it says, where and by which rule: 10 hexadecimal digits of a SHA-256."""
        parts = [article.key, claim.relation, claim.rule, _span(claim.trigger)]
        parts += [f"{name}={_fingerprint(arg.value)}@{_span(arg.evidence)}" for name, arg in claim.arguments]
        digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        return self.node(f"claim/{article.key}-{digest[:10]}")

    def tenure(self, claim: Claim) -> NamedNode:
        """A holding of a post: person, post, and what is not the plain case of appointment and status."""
        parts = [_tail(claim["person"].value), _tail(claim["post"].value)]
        parts += _unless(claim, "appointment", "definitive") + _unless(claim, "status", "current")
        return self.node("tenure/" + "--".join(parts))

    def appointment(self, claim: Claim) -> NamedNode:
        """An appointment: person, post, and the manner unless it is definitive."""
        parts = [_tail(claim["person"].value), _tail(claim["post"].value)]
        return self.node("appointment/" + "--".join(parts + _unless(claim, "appointment", "definitive")))

    def awarding(self, claim: Claim) -> NamedNode:
        """The giving of an award: recipient, award, and the year if there is one."""
        parts = [_tail(claim["recipient"].value), _tail(claim["award"].value)]
        return self.node("awarding/" + "--".join(parts + _unless(claim, "year", "")))

    def network_role(self, claim: Claim) -> NamedNode:
        """A role in a network: who, where, which, and its first year if there is one."""
        parts = [_tail(claim[role].value) for role in ("actor", "network", "role")]
        return self.node("network-role/" + "--".join(parts + _unless(claim, "since", "")))

    def member_count(self, article: Article, claim: Claim) -> NamedNode:
        """How many members a network has: by this article, since the next one may say another number."""
        return self.node(f"member-count/{_tail(claim['network'].value)}--{article.key}")

    def membership(self, claim: Claim) -> NamedNode:
        """A membership: member, network, and the status unless it is current."""
        parts = [_tail(claim["member"].value), _tail(claim["network"].value)]
        return self.node("membership/" + "--".join(parts + _unless(claim, "status", "current")))

    def delegation(self, article: Article, claim: Claim) -> NamedNode:
        """A delegation: whose it is and the meeting; without a meeting it is this article's own."""
        meeting = claim.get("meeting")
        where = _tail(meeting.value) if meeting else article.key
        return self.node(f"delegation/{_tail(claim['of'].value)}--{where}")

    def spanned(self, kind: str, article: Article, claim: Claim) -> NamedNode:
        """A quotation or funding: it is what the object's words are, in this article."""
        return self.node(f"{kind}/{article.key}-{_span(claim.object.evidence or claim.trigger)}")

    def theme(self, value: Value) -> NamedNode:
        """A theme that cities work on, by its name."""
        return self.node("theme/" + slug(lexical(value)))


def _tail(value: Value) -> str:
    return value.key.partition("/")[2] if isinstance(value, Entity) else slug(lexical(value))


def _unless(claim: Claim, role: str, plain: str) -> list[str]:
    argument = claim.get(role)
    text = lexical(argument.value) if argument else plain
    return [] if text == plain else [slug(text)]


def _span(span: Evidence | None) -> str:
    return f"{span.start}-{span.end}" if span else ""


def _fingerprint(value: Value) -> str:
    # The key, not the label: a corrected label must not change the claim's id.
    text = value.key if isinstance(value, Entity) else lexical(value)
    return f"{type(value).__name__}:{text}"
