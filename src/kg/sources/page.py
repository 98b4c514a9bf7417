"""Pages in HTML: the main text and what the page says about it; pieces of HTML inside feeds and JSON.

The main text is the block with most running text (``densest``); where no block has enough, trafilatura's,
if that is much longer.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

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
DEEPEST = 2_000  # elements in each other; browsers stop at 512
MOST_ATTRIBUTES = 2_000  # words in one tag
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
NESTING = re.compile(  # without those that the next of their kind closes, and those without an end
    r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option|thead|tbody|br|hr|img|input|meta|link|source|col|area|wbr|param|embed)\b)"
    r"[a-zA-Z][^\s>/]*",
    re.IGNORECASE,
)
KINDS = ("Article", "NewsArticle", "BlogPosting", "Report")  # classes of schema.org
DATES = (  # where pages say when they were published, and in which attribute; in the text where that is None
    ('meta[property="article:published_time"]', "content"),
    ('meta[itemprop="datePublished"], time[itemprop="datePublished"]', "content"),
    ('meta[name="publishdate"], meta[name="content_PublishedDate"], meta[name="dc.date"]', "content"),
    ('time[itemprop="datePublished"], time.entry-date, article time[datetime]', "datetime"),
    ('time, [class*="date"], [class*="tanggal"], [class*="waktu"], [class*="time"], [class*="published"]', None),
)
INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr""".split()
)
SINGLE = frozenset("blockquote dd dt h1 h2 h3 h4 h5 h6 li ol p pre ul".split())  # never the block of an article
TITLES = frozenset({"h1", "title"})
HIDDEN = re.compile(r"display\s*:\s*none")

Stated = dict[str, Any]  # an object of JSON-LD
Kind = tuple[int, str, str]  # an element's parent, tag and class: blocks of one kind are pieces of one text


@dataclass(frozen=True, slots=True)
class Lists:
    """What isn't article on a page, from the data file."""

    tags: frozenset[str]
    words: frozenset[str]
    starts: tuple[str, ...]
    pattern: re.Pattern[str]


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
            pattern=re.compile("|".join(data["skipped_patterns"])),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, re.error) as error:
        raise DataError(
            f"{file}: {error}; expected skipped_tags, skipped_words, skipped_starts, skipped_patterns"
        ) from error


def read(source: Input) -> Iterator[Draft]:
    """The one article of a page."""
    from selectolax.lexbor import LexborHTMLParser

    page = read_text(source)
    if is_deep(page):
        raise InputError(
            f"{source.place}: elements nested too deep, or with too many attributes; save the text instead"
        )
    tree = LexborHTMLParser(page)
    told = stated(tree)
    known = about(page, tree, told)
    text = densest(tree)
    if len(text) < ENOUGH:
        others = (from_markup(_body(told)), _trafilatura(page, known.title))
        text = next((other for other in others if len(other) > 2 * len(text)), text)
    text = normalise(text)  # character references may stand for anything
    if not text.strip():
        raise InputError(f"{source.place}: no article found on the page; save the article's text as a .txt file")
    yield Draft(source.place, text, known)


def from_markup(text: str) -> str:
    """A text that may be a piece of HTML, one paragraph a line: a feed's or a database's."""
    if not MARKUP.search(text):
        return normalise(html.unescape(text))
    if is_deep(text):
        return normalise(re.sub(r"\s*\n\s*", "\n", html.unescape(MARKUP.sub("\n", text))).strip())
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    tree.strip_tags(sorted(lists().tags))
    if tree.body is None:
        return ""
    blocks = Reader(longest=MOST * len(tree.body.text()), whole=True).read(tree.body)
    return normalise("\n".join(paragraph.text for _, block in blocks for paragraph in block if _is_article(paragraph)))


def is_deep(page: str) -> bool:
    """Whether elements are nested so deep, or have so many attributes, that a parser of HTML takes minutes."""
    if any(len(match[0].split(None, MOST_ATTRIBUTES)) > MOST_ATTRIBUTES for match in LONG_TAG.finditer(page)):
        return True
    if page.count("<") <= DEEPEST:
        return False
    depth = 0
    for match in NESTING.finditer(page):
        depth = max(0, depth + (-1 if match[1] else 1))
        if depth > DEEPEST:
            return True
    return False


def about(page: str, tree: LexborHTMLParser, told: Stated) -> Known:
    """What a page says about its article: in its JSON-LD, its head, its text."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page, extensive=False)  # extensive: would take a date from the running text
    publisher = told.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return Known(
        title=on_one_line(_text(told.get("headline"))) or on_one_line(found.title),
        outlet=on_one_line(found.sitename) or on_one_line(_text(name)),
        url=address(on_one_line(found.url)),
        published=day_of(told.get("datePublished")) or _day(tree) or day_of(found.date),
        language=tree.root.attributes.get("lang") if tree.root else None,
    )


def stated(tree: LexborHTMLParser) -> Stated:
    """What the page states of its article as JSON-LD; empty where it doesn't."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            value = json.loads(script.text() or "null", strict=False)
        except (ValueError, RecursionError):
            continue
        values = value if isinstance(value, list) else [value]
        values += [part for one in values if isinstance(one, dict) for part in _list(one.get("@graph"))]
        for one in values:
            kinds = _list(one.get("@type")) if isinstance(one, dict) else []
            if any(isinstance(kind, str) and kind.endswith(KINDS) for kind in kinds):
                return one  # type: ignore[no-any-return]
    return {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str | None:
    return html.unescape(value) if isinstance(value, str) else None


def _body(told: Stated) -> str:
    """The article's text in the JSON-LD, for pages whose text is put in by a script."""
    body = told.get("articleBody")
    return html.unescape(body) if isinstance(body, str) else ""


def _day(tree: LexborHTMLParser) -> dt.date | None:
    """The day of publication in the page's head or, where that hasn't any, as its readers see it."""
    for query, attribute in DATES:
        for node in tree.css(query)[:3]:
            day = day_of(node.attributes.get(attribute) if attribute else " ".join(node.text().split()))
            if day:
                return day
    return None


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
    is_short = len(text) <= NOTICE
    return is_short and (text.casefold().startswith(lists().starts) or lists().pattern.fullmatch(text) is not None)


def _trafilatura(page: str, title: str | None) -> str:
    from trafilatura import extract

    text = extract(page, include_comments=False, include_tables=False) or ""
    return "\n".join(line for line in text.split("\n") if line not in ("", title) and not _is_notice(line))
