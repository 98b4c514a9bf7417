"""Who is meant by a post that stands alone: "kata Bupati" is whoever the article says is bupati."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter

from kg.entities import Entities
from kg.mention import Mention
from kg.model import Relation, Status
from kg.positions import Placed
from kg.posts import Posts
from kg.rules import Finding
from kg.sentences import Sentence

GIVE_POSTS = (Relation.HOLDS_POST, Relation.APPOINTED)
PRONOUNS = frozenset({"ia", "dia", "beliau"})
MOST = 60  # names in a sentence; no news has longer ones
SUBJECTS = ("person", "post")
FURTHEST = 60  # sentences with somebody before a word in which the person is looked for whom it means


@dataclass(slots=True)
class Holders:
    """The persons of an article with the posts that it gives them."""

    entities: Entities
    posts: Posts
    held: list[tuple[Mention, Mention]] = field(default_factory=list)  # post, person
    open: list[tuple[Mention, int]] = field(default_factory=list)  # post, and where the text means its holder
    _same_posts: dict[object, tuple[Placed[Mention], Mention | None]] = field(default_factory=dict)
    _posts_of: dict[str, list[Mention]] | None = None
    _offices_of: dict[str, list[Mention]] | None = None
    _about: dict[int, tuple[Mention | None, bool]] = field(default_factory=dict)  # by the start of a sentence
    _subjects: list[tuple[int, Sentence, bool]] | None = None  # the sentences with somebody: start, itself, no name

    def note(self, findings: Iterable[Finding]) -> None:
        """Remember who holds which post."""
        for finding in findings:
            post, person = finding.fillers.get("post"), finding.fillers.get("person")
            if finding.rule.relation not in GIVE_POSTS or not isinstance(post, Mention):
                continue
            if "status" in finding.fillers:
                continue
            if isinstance(person, Mention) and not person.core.generic:
                self.held.append((post, person.core))
            elif person == "@subject":
                self.open.append((post, finding.start))
        self._same_posts.clear()
        self._posts_of = self._offices_of = None
        self._about.clear()

    def of(self, post: Mention) -> Mention | None:
        """The person who holds the post that is named, the last one so named before; None where nobody is said to."""
        made = self.posts.held(post.core, self._outer(post), None)
        bare = self._outer(post) is None and "region" not in post.core.parts
        key = (made.entity.key, bare, self.entities.words(post).lower(), made.entity.role, made.organisation is None)
        if key not in self._same_posts:
            same = [(other.start, person) for other, person in self.held if self._same(post, other)]
            self._same_posts[key] = Placed(same), same[0][1] if same else None
        placed, first = self._same_posts[key]
        return placed.last_before(post.start) or first

    def post_of(self, person: Mention, position: int) -> Mention | None:
        """The post that a person has at a position of the text: the one named last before, else the first."""
        if self._posts_of is None:
            self._posts_of = self._posts_by_person()
        who = self.entities.person(person)
        theirs = self._posts_of.get(who.key, []) if who is not None else []
        before = bisect_left(theirs, position, key=attrgetter("start"))
        return theirs[max(0, before - 1)] if theirs else None

    def office_of(self, person: Mention, position: int) -> Mention | None:
        """The same, but for callings, which nobody is appointed to: "Guru Besar", "pengamat"."""
        if self._offices_of is None:
            words, begins = self.entities.words, self.entities.lexicon.begins
            self._offices_of = {
                key: [post for post in posts if not begins(words(post.core).lower(), "posts.callings")]
                for key, posts in self._posts_by_person().items()
            }
        who = self.entities.person(person)
        theirs = self._offices_of.get(who.key, []) if who is not None else []
        before = bisect_left(theirs, position, key=attrgetter("start"))
        return theirs[max(0, before - 1)] if theirs else None

    def fuller(self, post: Mention, person: Mention) -> Mention | None:
        """The post with its region that a person is said to hold where one before the name lacks it: "Wako Fauzan"."""
        if "region" in post.core.parts or self._outer(post) is not None:
            return None
        role = self.posts.held(post.core, None, None).entity.role
        if role is None:
            return None
        if self._posts_of is None:
            self._posts_of = self._posts_by_person()
        who = self.entities.person(person)
        theirs = self._posts_of.get(who.key, [])[:MOST] if who is not None else []
        same = (held for held in theirs if "region" in held.core.parts)
        return next(
            (held for held in same if self.posts.held(held.core, self._outer(held), None).entity.role == role), None
        )

    def _posts_by_person(self) -> dict[str, list[Mention]]:
        """The posts of each person, in their order in the text, but for those that they no longer hold."""
        found: dict[str, list[Mention]] = {}
        meant = [(post, holder) for post, at in self.open if (holder := self.subject(at)) is not None]
        for post, holder in sorted([*self.held, *meant], key=lambda pair: pair[0].start):
            who = self.entities.person(holder)
            if who is not None and self.posts.status(post.core, None) is not Status.FORMER:
                found.setdefault(who.key, []).append(post)
        return found

    def subject(self, position: int) -> Mention | None:
        """The person whom "ia" or "-nya" means there: who is named first, by name or post, in the nearest sentence."""
        if self._subjects is None:
            self._subjects = [
                (sentence.start, sentence, unnamed)
                for sentence in self.entities.sentences
                if not sentence.in_quotation
                and ((unnamed := self._unnamed(sentence)) or any(m.type in SUBJECTS for m in sentence.mentions))
            ]
        end = bisect_right(self._subjects, position, key=itemgetter(0))
        for _, sentence, unnamed in reversed(self._subjects[max(0, end - FURTHEST) : end]):
            if sentence.end > position:
                person, goes_on = self._first_named(sentence, position)
            elif (known := self._about.get(sentence.start)) is not None:
                person, goes_on = known
            else:
                person, goes_on = self._about[sentence.start] = self._first_named(sentence, position)
            if person is not None:
                return person
            if goes_on:  # a sentence about "ia" goes on about whom the one before was about
                position = sentence.start
            elif unnamed and "\n" not in self.entities.text[sentence.start : position]:
                return None
        return None

    def _first_named(self, sentence: Sentence, position: int) -> tuple[Mention | None, bool]:
        """The person whom a sentence names first before a position, or whether "ia" goes on about the one before."""
        for mention in sentence.mentions[:MOST]:
            if mention.start >= position:
                continue
            if mention.core.generic:
                if self.entities.text[mention.core.start : mention.core.end].lower() in PRONOUNS:
                    return None, True
                continue
            if mention.type == "person":
                return mention.core, False
            if mention.type == "post" and (person := self.of(mention)) is not None:
                return person, False
        return None, False

    def _unnamed(self, sentence: Sentence) -> bool:
        """Whether a sentence opens with somebody who stays without a name: "Seorang warga mengaku ..."."""
        opening = sentence.lower.lstrip().split(" ", 2)
        words = self.entities.lexicon.members("function.unnamed")
        return any(" ".join(opening[:count]) in words for count in (1, 2))

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
