"""``/review/quarantine``: what the gate refused, with shape, reason and words; to be let in or rightly refused.

Each word has a reason and an author, is kept beside the judgements and in the logs, and can be taken back. What it does
to the stored article is done at once where that can be done exactly; else with the next ``kg build``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import DefaultGraph, Literal, NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import vocabulary as v
from kg.errors import KgError
from kg.find import short
from kg.link.reconcile.queries import BadRequest
from kg.model import Acceptance
from kg.quarantine import VERDICTS, Word, Words
from kg.serve.current import Current, Loaded
from kg.serve.explorer import refusing
from kg.serve.explorer.claims import Mark
from kg.serve.explorer.layout import Layout, language
from kg.serve.explorer.names import Names
from kg.serve.explorer.quoting import Piece, quotations
from kg.serve.explorer.thing_page import companions_of, node_of
from kg.serve.forms import parameters
from kg.serve.writing import PRIVATE, Access, refused, to_login

PAGE: Final = 20
"""Claims on a page."""
PATH: Final = "/review/quarantine"
_ROLES: Final = {
    v.SUBJECT_EVIDENCE: "subject", v.TRIGGER_EVIDENCE: "trigger", v.OBJECT_EVIDENCE: "object", v.EVIDENCE: "other",
}  # fmt: skip
Accepted = Mapping[str, Acceptance]
Apply = Callable[[Word, Accepted, Accepted, str], str | None]
"""Bring the article of a word in line with what is accepted: before, now; and what was said. None, or why not yet."""


class Bench:
    """Where words on refused claims are kept, and made to count. One at a time."""

    def __init__(self, *, load: Callable[[], Words], apply: Apply, today: Callable[[], str], author: str = "") -> None:
        self._load, self._apply, self._today = load, apply, today
        self.author = author
        self._lock = threading.Lock()

    def words(self) -> Words:
        """What was said so far."""
        with self._lock:
            return self._load()

    def say(self, claim: str, verdict: str, author: str, reason: str, now: Loaded) -> str | None:
        """Accept or reject a claim that is in quarantine; gives why it can't count yet. Raises KgError."""
        if verdict not in VERDICTS:
            raise BadRequest("accept or reject? choose one of the two")
        found = row(now, claim, "id", {})
        if found is None:
            raise BadRequest("this claim is no longer in quarantine; go back to the page", 409)
        with self._lock:
            words = self._load()
            before = words.accepted()
            said = Word(
                claim, verdict, author.strip(), self._today(), reason.strip(), (found["shape"],), found["article"],
                found["statement"],
            )  # fmt: skip
            kept = words.add(said)
            return self._keep(words, kept, before, verdict, author)

    def undo(self, claim: str, author: str) -> str | None:
        """Take a word back; gives why that can't count yet. Raises KgError."""
        if not author.strip():
            raise BadRequest("who says so? give a name")
        with self._lock:
            words = self._load()
            before = words.accepted()
            return self._keep(words, words.remove(claim), before, "taken back", author)

    def _keep(self, words: Words, word: Word, before: Accepted, action: str, author: str) -> str | None:
        words.save()
        words.note(action, word, author.strip())
        return self._apply(word, before, words.accepted(), action)


def routes(bench: Bench, current: Current, access: Access, layout: Layout) -> list[Route]:
    """The page."""

    async def page(request: Request) -> Response:
        if request.method != "POST":
            if not access.is_in(request):
                return to_login(request)
            context = await run_in_threadpool(_context, bench, current, access, layout, request)
            return layout.page(request, "quarantine.html", context, headers=PRIVATE)
        try:
            given = await parameters(request)
            access.expect(request, given)
            waits = await run_in_threadpool(_act, bench, current, given)
        except KgError as error:
            return refused(layout, request, error)
        query = {"author": given.get("author", "").strip(), **({"waits": "1"} if waits else {})}
        return RedirectResponse(f"{PATH}?{urlencode(query)}", 303, headers=PRIVATE)

    return [Route(PATH, page, methods=["GET", "POST"])]


def _act(bench: Bench, current: Current, given: Mapping[str, str]) -> str | None:
    claim, author, act = given.get("claim", ""), given.get("author", ""), given.get("act", "")
    if act == "undo":
        return bench.undo(claim, author)
    return bench.say(claim, act, author, given.get("reason", ""), current.get())


def _context(bench: Bench, current: Current, access: Access, layout: Layout, request: Request) -> dict[str, Any]:
    now, words, lang = current.get(), bench.words(), language(request, layout.lang)
    said, number = {word.claim: word for word in words}, _whole(request.query_params.get("page", ""))
    thing = node_of(now.base, request.query_params.get("thing", ""))
    claims = _claims(now) if thing is None else _claims_about(now, thing)
    every = (row(now, claim, lang, said) for claim in claims if claim not in said or _is_open(now, claim, said))
    rows = list(islice(filter(None, every), (number - 1) * PAGE, number * PAGE + 1))
    return {
        "token": access.form_token(request),
        "author": request.query_params.get("author", bench.author),
        "waits": "waits" in request.query_params,
        "rows": rows[:PAGE],
        "thing": (short(thing.value), Names(now.view, lang).name(thing)) if thing else None,
        "number": number,
        "has_more": len(rows) > PAGE,
        "words": [(word, short(word.claim), short(word.article), _local(word.shapes)) for word in words],
    }


def _is_open(now: Loaded, claim: str, said: Mapping[str, Word]) -> bool:
    """Whether a claim that was let in is refused all the same: it breaks another shape, and has to be asked again."""
    word = said[claim]
    shapes = {each.value for each in _values(now, NamedNode(claim), v.SOURCE_SHAPE)}
    return word.verdict == "accepted" and not shapes <= set(word.shapes)


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _local(shapes: tuple[str, ...]) -> str:
    return ", ".join(shape.rpartition("#")[2] for shape in shapes)


# ---------------------------------------------------------------- what is shown of a claim


def _claims(now: Loaded) -> Iterator[str]:
    for quad in now.view.quads_for_pattern(None, v.TYPE, v.REFUSED_CLAIM, DefaultGraph()):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject.value


def _claims_about(now: Loaded, thing: NamedNode) -> Iterator[str]:
    yield from (claim.value for claim in refusing.of_things(now, {thing} | companions_of(now.view, thing)))


def _values(now: Loaded, node: NamedNode, predicate: NamedNode) -> list[Any]:
    return [quad.object for quad in now.view.quads_for_pattern(node, predicate, None, DefaultGraph())]


def row(now: Loaded, claim: str, lang: str, said: Mapping[str, Word]) -> dict[str, Any] | None:
    """A refused claim: what it says, why it was refused, its words in their sentences; None where there is none."""
    try:
        node = NamedNode(claim)
    except ValueError:
        return None
    values: dict[NamedNode, list[Any]] = {}
    for quad in now.view.quads_for_pattern(node, None, None, DefaultGraph()):
        values.setdefault(quad.predicate, []).append(quad.object)
    if v.REFUSED_CLAIM not in values.get(v.TYPE, []):
        return None
    article = values[v.WAS_DERIVED_FROM][0]
    return {
        "claim": claim,
        "statement": values[v.STATEMENT][0].value,
        "relation": values[v.RELATION][0].value,
        "rule": values[v.RULE][0].value,
        "confidence": values[v.CONFIDENCE][0].value,
        "shape": values[v.SOURCE_SHAPE][0].value,
        "shape_name": values[v.SOURCE_SHAPE][0].value.rpartition("#")[2],
        "message": _in(lang, values.get(v.RESULT_MESSAGE, [])),
        "article": article.value,
        "page": f"/page/{short(article.value)}",
        "title": next((each.value for each in _values(now, article, v.HEADLINE)), short(article.value)),
        **_quoted(now, article.value, values),
        "said": said.get(claim),
    }


def _in(lang: str, messages: list[Literal]) -> str:
    found = {message.language: message.value for message in messages}
    return found.get(lang) or next(iter(found.values()), "")


def _quoted(now: Loaded, article: str, values: Mapping[NamedNode, list[Any]]) -> dict[str, Any]:
    """The sentences around the words, with the words marked; the words alone where the text isn't kept."""
    marks = sorted(
        {mark for kind, role in _ROLES.items() for span in values.get(kind, []) for mark in _marks(now, span, role)}
    )
    text = now.text(article)
    quotes = (
        quotations(text, marks) if text and marks else [[Piece(each.words, (at,))] for at, each in enumerate(marks)]
    )
    return {"marks": marks, "quotes": quotes}


def _marks(now: Loaded, span: NamedNode, role: str) -> Iterator[Mark]:
    begin, end, words = (_values(now, span, each) for each in (v.BEGIN_INDEX, v.END_INDEX, v.ANCHOR_OF))
    if begin and end and words:
        yield Mark(int(begin[0].value), int(end[0].value), role, words[0].value)
