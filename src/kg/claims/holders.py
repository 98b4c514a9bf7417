"""Who is meant by a post that stands alone: "kata Bupati" is whoever the article says is bupati."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.entities import Entities
from kg.mentions import Mention
from kg.model import Relation
from kg.posts import Posts
from kg.rules import Finding


@dataclass(slots=True)
class Holders:
    """The persons of an article with the posts that it gives them."""

    entities: Entities
    posts: Posts
    held: list[tuple[Mention, Mention]] = field(default_factory=list)  # post, person

    def note(self, findings: Iterable[Finding]) -> None:
        """Remember who holds which post."""
        for finding in findings:
            post, person = finding.fillers.get("post"), finding.fillers.get("person")
            if (
                finding.rule.relation is Relation.HOLDS_POST
                and isinstance(post, Mention)
                and isinstance(person, Mention)
            ):
                if not person.core.generic:
                    self.held.append((post, person.core))

    def of(self, post: Mention) -> Mention | None:
        """The person who holds the post that is named, the last one so named before; None where nobody is said to."""
        same = [(other, person) for other, person in self.held if self._same(post, other)]
        before = [person for other, person in same if other.start < post.start]
        return before[-1] if before else next((person for _, person in same), None)

    def subject(self, position: int) -> Mention | None:
        """The person whom "ia" or "-nya" means there: who is named first, by name or post, in the nearest sentence."""
        spoken = [s for s in self.entities.sentences if not s.in_quotation and s.start <= position]
        for sentence in reversed(spoken):
            for mention in sentence.mentions:
                if mention.start >= position or mention.core.generic:
                    continue
                if mention.type == "person":
                    return mention.core
                if mention.type == "post" and (person := self.of(mention)) is not None:
                    return person
        return None

    def _same(self, post: Mention, other: Mention) -> bool:
        """Whether two posts are one: the same thing, or the bare name of its role."""
        one, two = (self.posts.held(m.core, self._outer(m), None) for m in (post, other))
        if one.entity.key == two.entity.key:
            return True
        bare = self._outer(post) is None and "region" not in post.core.parts
        name = self.entities.words(post).lower()
        full = self.entities.words(other).lower()
        if bare and (full == name or full.startswith(name + " ")):
            return True
        return bare and one.entity.role is not None and one.entity.role == two.entity.role and one.organisation is None

    def _outer(self, post: Mention) -> Mention | None:
        outer = post.linked.get("org")
        return outer if isinstance(outer, Mention) else None
