"""What catalogues look for: ``/.well-known/void``, ``/.well-known/api-catalog``, ``/void.ttl``, ``/dcat.ttl``.

All of it is made from the view, once for each state of the graph.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg import vocabulary as v
from kg.export.jsonld import write as write_jsonld
from kg.export.parts import Options
from kg.publish import describe
from kg.publish.graph import ByGraph
from kg.publish.holdings import link_sets, period
from kg.publish.settings import words
from kg.serve.current import Loaded
from kg.serve.linked.routes import SHARED, Linked, kept
from kg.serve.linked.state import OfState

_TURTLE: Final = "text/turtle; charset=utf-8"
_LINKSET: Final = "application/linkset+json"
_FORMATS: Final = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")


def routes(linked: Linked, services: tuple[str, ...]) -> list[BaseRoute]:
    """All of them; ``services`` are those that the server has, by path."""
    served = OfState(lambda now: _served(linked, now, services))

    def void(request: Request) -> Response:
        now, root = linked.current.get(), linked.root(request)
        title = Literal(_title(linked), language=linked.layout.lang)
        triples = describe.void_of_server(root, now.base, title, linked.licence, served.get(now), _FORMATS)
        return kept(request, describe.as_turtle(triples, root), {"Content-Type": _TURTLE, **SHARED})

    def lead_to_void(request: Request) -> Response:
        return RedirectResponse(f"{linked.root(request)}void.ttl", 302, SHARED)  # as its note says, section 7.2

    def dcat(request: Request) -> Response:
        publication = linked.settings.publication
        if publication is None:
            message = "no catalogue: it needs a publisher and a licence; set both under [publish] in kg.toml\n"
            return PlainTextResponse(message, 404, SHARED)
        now, root = linked.current.get(), linked.root(request)
        triples = describe.dcat_of_server(replace(publication, root=root), served.get(now))
        if request.url.path.endswith(".jsonld"):
            from pyoxigraph import Quad

            quads = [Quad(t.subject, t.predicate, t.object) for t in dict.fromkeys(triples)]
            body = write_jsonld(quads, Options(root))
            return kept(request, body, {"Content-Type": "application/ld+json", **SHARED})
        return kept(request, describe.as_turtle(triples, root), {"Content-Type": _TURTLE, **SHARED})

    def catalogue(request: Request) -> Response:
        body = _api_catalogue(linked.root(request), services, with_dcat=linked.settings.publication is not None)
        return kept(request, body, {"Content-Type": _LINKSET, **SHARED})

    return [
        Route("/.well-known/void", lead_to_void),
        Route("/void.ttl", void),
        Route("/dcat.ttl", dcat),
        Route("/dcat.jsonld", dcat),
        Route("/.well-known/api-catalog", catalogue),
    ]


def _title(linked: Linked) -> str:
    publication = linked.settings.publication
    return publication.title if publication else words(linked.layout.lang)["default_title"]


def _served(linked: Linked, now: Loaded, services: tuple[str, ...]) -> describe.Served:
    articles = now.view.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, DefaultGraph())
    example = next((quad.subject.value for quad in articles if isinstance(quad.subject, NamedNode)), None)
    graph = ByGraph(now.view, now.base)
    return describe.Served(link_sets(graph), linked.gone.last_change(), period(graph), example, services)


def _api_catalogue(root: str, services: tuple[str, ...], *, with_dcat: bool) -> bytes:
    """The services as a set of links (RFC 9727, RFC 9264)."""
    described = [{"href": f"{root}void.ttl", "type": "text/turtle"}]
    described += [{"href": f"{root}dcat.ttl", "type": "text/turtle"}] if with_dcat else []
    items = [{"href": root + path} for path in services]
    found = [{"anchor": f"{root}.well-known/api-catalog", "item": items, "describedby": described}]
    return (json.dumps({"linkset": found}, indent=1) + "\n").encode()
