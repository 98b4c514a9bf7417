"""``/query``: the page; ``/api/terms``: what its editor completes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg import query as queries
from kg.serve.explorer.layout import language
from kg.serve.explorer.words import words
from kg.serve.querying import filling, terms
from kg.serve.sparql.limits import LARGEST_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.query import NamedQuery
    from kg.serve.current import Current, Loaded
    from kg.serve.explorer.layout import Layout
    from kg.serve.explorer.words import Language

_PREFIX: Final = "query_"
FIRST: Final = "members"
"""The named query that an empty page shows."""


def routes(current: Current, layout: Layout) -> list[Route]:
    """The page for the graph as it is now, and what its editor completes."""

    async def page(request: Request) -> Response:
        lang = language(request, layout.lang)
        context = await run_in_threadpool(lambda: _context(current.get(), request.query_params, lang))
        return layout.page(request, "query.html", context)

    def completions(_: Request) -> Response:
        return JSONResponse(terms.completions(), headers={"Cache-Control": "no-cache"})

    return [Route("/query", page), Route("/api/terms", completions)]


def _context(loaded: Loaded, given: Mapping[str, str], lang: Language) -> dict[str, Any]:
    """What the page shows: a named query with its form, or a text of the asker's own."""
    named = queries.named()
    own = given.get("query", "")[:LARGEST_REQUEST]
    name = given.get("name", "" if own else FIRST)
    chosen = named.get(name)
    text, problem = filling.filled(chosen, given, loaded) if chosen else (own, "")
    return {
        "chosen": chosen,
        "fields": filling.fields(chosen, given, loaded, lang) if chosen else [],
        "text": _body(text) if chosen else text,
        "problem": problem,
        "named": _listed(named, lang),
        "is_asked": bool(own or "name" in given) and not problem and _is_complete(chosen, given),
        "query_words": {k.removeprefix(_PREFIX): text for k, text in words(lang).items() if k.startswith(_PREFIX)},
        "base": loaded.base,
    }


def _listed(named: Mapping[str, NamedQuery], lang: str) -> list[tuple[str, str]]:
    return sorted(((name, query.titles[lang]) for name, query in named.items()), key=lambda pair: pair[1].casefold())


def _is_complete(query: NamedQuery | None, given: Mapping[str, str]) -> bool:
    return query is None or all(each.default is not None or given.get(each.name) for each in query.parameters)


def _body(text: str) -> str:
    """The query without the comments of its head, which the page shows as title and form."""
    lines = text.splitlines(keepends=True)
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    return "".join(lines)
