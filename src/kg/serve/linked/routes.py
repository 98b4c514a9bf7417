"""The routes of ids and their data: ``/id/…`` (303), ``/data/….ttl`` and the other endings, ``/ontology``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import RdfFormat, parse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg import resources
from kg import vocabulary as v
from kg.publish.ontology import terms
from kg.publish.words import PREFIXES
from kg.records import record
from kg.serve.current import Current
from kg.serve.explorer.layout import Layout
from kg.serve.linked import ids
from kg.serve.linked.forms import FORMS, HTML, Form, any_form, by_ending, data_form
from kg.serve.linked.gone import Gone
from kg.serve.settings import Settings

SHARED: Final = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, X-Request-ID"}
"""Any web page may read data: nothing is changed, and nobody is known by a cookie here."""
_ASK_FIRST: Final = "public, no-cache"
"""A copy may be kept, and is asked for again: by its ETag, which costs little."""
_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "shapes": ("ontology/shapes.ttl", "text/turtle; charset=utf-8"),
    "shapes.ttl": ("ontology/shapes.ttl", "text/turtle; charset=utf-8"),
    "context.jsonld": ("ontology/context.jsonld", "application/ld+json"),
}


@record(frozen=True, slots=True)
class Linked:
    """What the routes know: the graph, what was taken back, the frame of pages, the server's address, the licence."""

    current: Current
    gone: Gone
    layout: Layout
    settings: Settings
    licence: str | None

    def root(self, request: Request) -> str:
        """The server's own address."""
        return self.settings.of(request.base_url)


def routes(linked: Linked) -> list[BaseRoute]:
    """All of them; GET and HEAD."""

    def lead(request: Request) -> Response:
        return _lead(linked, request)

    def data(request: Request) -> Response:
        return _data(linked, request)

    def ontology(request: Request) -> Response:
        return _ontology(linked, request)

    def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return _unknown(linked, request, data_form(_accept(request)) or FORMS[0], f"/ontology/{name}")
        path, kind = _FILES[name]
        return kept(request, resources.path(path).read_bytes(), {"Content-Type": kind, **SHARED})

    return [
        Route("/id/{key:path}", lead),
        Route("/data/{key:path}", data),
        Route("/ontology", ontology),
        *(Route(f"/ontology{form.ending}", ontology) for form in FORMS),
        Route("/ontology/{name}", file),
    ]


# ---------------------------------------------------------------- an id leads to what tells about it


def _lead(linked: Linked, request: Request) -> Response:
    path, known = _path(request, "/id/"), ids.Ids(linked.current.get())
    form = any_form(_accept(request))
    if form is None:
        return _not_acceptable(path)
    node = known.find(path)
    if node is None:
        return _missing(linked, request, form, path)
    page = known.page(node)
    is_page = form == HTML and bool(page)
    chosen = form if isinstance(form, Form) else FORMS[0]
    target = f"/page/{page}" if is_page else f"/data/{path}{chosen.ending}"
    headers = {"Vary": "Accept", "Cache-Control": "public, max-age=3600", "Link": _links(linked, path, page), **SHARED}
    return RedirectResponse(linked.root(request).rstrip("/") + target, 303, headers)


def _missing(linked: Linked, request: Request, form: Form | str, path: str) -> Response:
    """410 for an article that was taken back, with the one in its place; 404 for the rest."""
    kind, _, rest = path.partition("/")
    key = rest.partition("/")[0]
    was_there, instead = linked.gone.find(key) if kind == "article" else (False, None)
    if not was_there:
        return _unknown(linked, request, form, f"/id/{path}")
    headers = {"Link": f'</id/article/{quote(instead)}>; rel="successor-version"'} if instead else {}
    return _refused(linked, request, form, 410, f"article {key} was taken back", headers)


def _unknown(linked: Linked, request: Request, form: Form | str, path: str) -> Response:
    return _refused(linked, request, form, 404, f"{path}: the graph has no such id", {})


def _refused(
    linked: Linked, request: Request, form: Form | str, status: int, message: str, headers: Mapping[str, str]
) -> Response:
    """In the form that was asked for: a page, an object, or a document that states nothing but a remark."""
    around = {"Vary": "Accept", "Cache-Control": "no-store", **SHARED, **headers}
    if not isinstance(form, Form):
        template = "gone.html" if status == 410 else "missing.html"
        return linked.layout.page(request, template, {}, status=status, headers=around)
    if form.ending == ".jsonld":
        body = json.dumps({"error": {"status": status, "message": message}})
    elif form.ending == ".rdf":
        safe = re.sub(r"-{2,}|[<>&]", " ", message)
        body = f'<?xml version="1.0"?>\n<!-- {safe} -->\n<r:RDF xmlns:r="{PREFIXES["rdf"]}"/>\n'
    else:
        body = f"# {message}\n"
    return Response(body, status, {"Content-Type": form.content_type, **around})


def _not_acceptable(path: str) -> Response:
    known = ", ".join([HTML, *(form.media for form in FORMS)])
    headers = {"Vary": "Accept", "Link": _alternates(path), **SHARED}
    return Response(f"there are {known}\n", 406, {"Content-Type": "text/plain; charset=utf-8", **headers})


# ---------------------------------------------------------------- the data


def _data(linked: Linked, request: Request) -> Response:
    path, form = by_ending(_path(request, "/data/"))
    if form is None:
        return _in_some_form(linked, request, path)
    now = linked.current.get()
    known = ids.Ids(now)
    node = known.find(path)
    if node is None:
        return _missing(linked, request, form, path)
    about, root = known.about(node), linked.root(request)
    query = f"DESCRIBE <{node.value}>"
    more = f"{root}sparql?query={quote(query, safe='')}"
    address = f"{root}data/{path}{form.ending}"
    told = ids.document(about, address, linked.licence, f"{root}void.ttl#dataset", more)
    body = form.write([*told, *about.triples], now.base)
    links = ", ".join([_links(linked, path, known.page(node)), f'<{node.value}>; rel="describes"'])
    return kept(request, body, {"Content-Type": form.content_type, "Link": links, **SHARED})


def _in_some_form(linked: Linked, request: Request, path: str) -> Response:
    """An address of data without an ending: the form is negotiated, without pages."""
    form = data_form(_accept(request))
    if form is None:
        return _not_acceptable(path)
    if ids.Ids(linked.current.get()).find(path) is None:
        return _missing(linked, request, form, path)
    headers = {"Vary": "Accept", "Cache-Control": "public, max-age=3600", "Link": _alternates(path), **SHARED}
    return RedirectResponse(f"{linked.root(request)}data/{path}{form.ending}", 303, headers)


def _alternates(path: str) -> str:
    return ", ".join(f'</data/{path}{form.ending}>; rel="alternate"; type="{form.media}"' for form in FORMS)


def _links(linked: Linked, path: str, page: str) -> str:
    """Every form, what the whole is, and under which licence."""
    found = [_alternates(path)]
    if page:
        found.append(f'</page/{page}>; rel="alternate"; type="{HTML}"')
    found.append('</.well-known/void>; rel="describedby"; type="text/turtle"')
    if linked.licence:
        found.append(f'<{linked.licence}>; rel="license"')
    return ", ".join(found)


def kept(request: Request, body: bytes, headers: Mapping[str, str]) -> Response:
    """An answer with the hash of its content as ETag; 304 where the client has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    around = {"Cache-Control": _ASK_FIRST, **headers, "ETag": tag}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers={key: text for key, text in around.items() if key != "Content-Type"})
    return Response(body, headers=around)


# ---------------------------------------------------------------- the ontology


def _ontology(linked: Linked, request: Request) -> Response:
    """Its terms have fragments: one document has them all, in the form that is asked for."""
    _, form = by_ending(request.url.path.lstrip("/"))
    chosen = form or any_form(_accept(request))
    if chosen is None:
        return _not_acceptable("ontology")
    links = ", ".join(f'</ontology{each.ending}>; rel="alternate"; type="{each.media}"' for each in FORMS)
    if not isinstance(chosen, Form):
        context = {"terms": list(terms()), "space": v.ONTOLOGY_BASE}
        response = linked.layout.page(request, "ontology.html", context, headers={"Link": links})
        response.headers["Vary"] = "Accept, Cookie"
        return response
    headers = {"Content-Type": chosen.content_type, "Link": links, "Vary": "Accept", **SHARED}
    return kept(request, _ontology_as(chosen), headers)


@cache
def _ontology_as(form: Form) -> bytes:
    path = resources.path("ontology/kg.ttl")
    if form.ending == ".ttl":
        return path.read_bytes()
    kind = RdfFormat.from_media_type(form.media)
    return ox.serialize(parse(path=path, format=RdfFormat.TURTLE), format=kind, prefixes=v.PREFIXES) or b""


# ---------------------------------------------------------------- requests


def _path(request: Request, begin: str) -> str:
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return ids.path_of(raw).removeprefix(begin)


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))
