"""Pages in HTML: the main text and what the page says about it; pieces of HTML inside feeds and JSON.

The main text is the block with most running text (``densest``); where no block has enough, trafilatura's,
if that is much longer.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import DataError, InputError
from kg.sources.dates import day_of
from kg.sources.decode import normalise, read_text
from kg.sources.item import Draft, Input, Known, address, on_one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MEDIA_TYPES = ("text/html", "application/xhtml+xml")
LOOKS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|<!\[CDATA\[")  # in a text that may be HTML
LISTS_FILE = "data/lexicon/page.toml"
ENOUGH = 250  # characters: a shorter main text is doubted, and trafilatura is asked
SENTENCE = 40  # characters: a shorter paragraph says nothing about where the article is
NOTICE = 200  # characters: a longer paragraph isn't dropped for its first words
LINKED = 0.5  # a paragraph with a larger share of its characters in links is navigation
MOST = 0.4  # an element with a larger share of the page's text isn't skipped for its class
INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr""".split()
)
SINGLE = frozenset("blockquote dd dt h1 h2 h3 h4 h5 h6 li ol p pre ul".split())  # never the block of an article
TITLES = frozenset({"h1", "title"})
HIDDEN = re.compile(r"display\s*:\s*none")

Kind = tuple[int, str, str]  # an element's parent, tag and class: blocks of one kind are pieces of one text


@dataclass(frozen=True, slots=True)
class Lists:
    """What isn't article on a page, from the data file."""

    tags: frozenset[str]
    words: frozenset[str]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text without a break, and how many of its characters are in links."""

    text: str
    linked: int

    @property
    def weight(self) -> int:
        """How much it says that the article is here."""
        return len(self.text) - 2 * self.linked if len(self.text) >= SENTENCE else 0


@cache
def lists() -> Lists:
    """The data file. Raises DataError where it doesn't have the form it should."""
    file = resources.path(LISTS_FILE)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        return Lists(
            tags=frozenset(data["skipped_tags"].split()),
            words=frozenset(data["skipped_words"].split()),
            starts=tuple(start.casefold() for start in data["skipped_starts"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise DataError(f"{file}: {error}; expected skipped_tags, skipped_words and skipped_starts") from error


def read(source: Input) -> Iterator[Draft]:
    """The one article of a page."""
    page = read_text(source)
    known = about(page)
    text = main_text(page, known.title)
    if not text.strip():
        raise InputError(f"{source.place}: no article found on the page; save the article's text as a .txt file")
    yield Draft(source.place, text, known)


def main_text(page: str, title: str | None = None) -> str:
    """The article of a page without its title, one paragraph a line; empty where none was found."""
    from selectolax.lexbor import LexborHTMLParser

    text = densest(LexborHTMLParser(page))
    if len(text) < ENOUGH:
        other = _trafilatura(page, title)
        text = other if len(other) > 2 * len(text) else text
    return normalise(text)  # character references may stand for anything


def from_markup(text: str) -> str:
    """A text that may be a piece of HTML, one paragraph a line: a feed's or a database's."""
    if not MARKUP.search(text):
        return normalise(html.unescape(text))
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    tree.strip_tags(sorted(lists().tags))
    if tree.body is None:
        return ""
    blocks = Reader(longest=MOST * len(tree.body.text()), whole=True).read(tree.body)
    return normalise("\n".join(paragraph.text for _, block in blocks for paragraph in block if _is_article(paragraph)))


def about(page: str) -> Known:
    """What a page says about its article."""
    from selectolax.lexbor import LexborHTMLParser
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page, extensive=False)  # extensive: would take a date from the running text
    tree = LexborHTMLParser(page)
    return Known(
        title=on_one_line(found.title),
        outlet=on_one_line(found.sitename),
        url=address(on_one_line(found.url)),
        published=day_of(found.date),
        language=tree.root.attributes.get("lang") if tree.root else None,
    )


def densest(tree: LexborHTMLParser) -> str:
    """The paragraphs of the block with most running text, one a line; empty where the page has none."""
    tree.strip_tags(sorted(lists().tags))
    kinds: dict[Kind, list[Paragraph]] = {}
    if tree.body is not None:
        for kind, paragraphs in Reader(longest=MOST * len(tree.body.text())).read(tree.body):
            kinds.setdefault(kind, []).extend(paragraphs)
    best = max(kinds.values(), key=lambda paragraphs: sum(paragraph.weight for paragraph in paragraphs), default=[])
    return "\n".join(paragraph.text for paragraph in best if _is_article(paragraph))


@dataclass(slots=True)
class Reader:
    """Goes through a page once and cuts it into paragraphs: runs of text between two blocks or line breaks.

    Without recursion, as pages may be nested thousands deep.
    """

    longest: float  # characters: an element with more text isn't skipped for its class
    whole: bool = False  # every element belongs to the one text
    around: list[tuple[LexborNode, list[Paragraph]]] = field(default_factory=list)  # the open blocks, outermost first
    blocks: list[tuple[Kind, list[Paragraph]]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # of the paragraph that is being read
    linked: int = 0
    links: int = 0  # how many links are open

    def read(self, body: LexborNode) -> list[tuple[Kind, list[Paragraph]]]:
        """The blocks with the paragraphs that stand directly in them, in the order of the blocks' ends."""
        steps = [(body, True)]
        while steps:
            node, enters = steps.pop()
            if not enters:
                self._leave(node)
            elif node.is_text_node:
                self._add(node.text_content or "")
            elif node.is_element_node and not self._skips(node):
                self._enter(node)
                steps.append((node, False))
                steps.extend((child, True) for child in reversed(list(node.iter(include_text=True))))
        return self.blocks

    def _enter(self, node: LexborNode) -> None:
        if node.tag == "a":
            self.links += 1
        elif node.tag not in INLINE:
            self._break()
            self.around.append((node, []))

    def _leave(self, node: LexborNode) -> None:
        """Close an element. One that is a paragraph, or holds a single one, gives it to the block around it."""
        if node.tag == "a":
            self.links -= 1
        elif node.tag not in INLINE:
            self._break()
            _, paragraphs = self.around.pop()
            if self.around and (self.whole or node.tag in SINGLE or len(paragraphs) <= 1):
                self.around[-1][1].extend(paragraphs)
            else:
                self.blocks.append((_kind(node), paragraphs))

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def _break(self) -> None:
        """End the paragraph, if one is open."""
        text = " ".join("".join(self.pieces).split())
        if text and self.around:
            self.around[-1][1].append(Paragraph(text, self.linked))
        self.pieces, self.linked = [], 0

    def _skips(self, node: LexborNode) -> bool:
        attributes = node.attributes
        if node.tag in TITLES or "hidden" in attributes or HIDDEN.search(attributes.get("style") or ""):
            return True
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".casefold()
        words = set(re.findall(r"[^\W_]+", names))
        return bool(words & lists().words) and len(node.text()) <= self.longest


def _kind(node: LexborNode) -> Kind:
    parent = node.parent.mem_id if node.parent else 0
    return parent, node.tag or "", node.attributes.get("class") or ""


def _is_article(paragraph: Paragraph) -> bool:
    if paragraph.linked > LINKED * len(paragraph.text):
        return False
    return not _is_notice(paragraph.text)


def _is_notice(text: str) -> bool:
    """Whether it is an advert, a link to other news, a caption or who wrote it, told by its first words."""
    return len(text) <= NOTICE and text.casefold().startswith(lists().starts)


def _trafilatura(page: str, title: str | None) -> str:
    from trafilatura import extract

    text = extract(page, include_comments=False, include_tables=False) or ""
    return "\n".join(line for line in text.split("\n") if line not in ("", title) and not _is_notice(line))
