"""What a client asks beside queries: the manifest, suggestions as one types, values of properties, previews."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kg import __version__
from kg import vocabulary as v
from kg.link.reconcile.answers import description, like
from kg.link.reconcile.index import Index, Item, Value
from kg.link.reconcile.queries import BadRequest
from kg.link.reconcile.settings import Property

VERSIONS: Final = ("0.1", "0.2")
PAGE: Final = 20
"""Suggestions at once; ``cursor`` skips so many of them."""
PREVIEW: Final = (420, 160)
"""Width and height of a preview in pixels."""
_DATE: Final = "T00:00:00Z"  # the API has no dates without time


def manifest(index: Index, root: str, version: str, base: str, lang: str = "id") -> dict[str, Any]:
    """What the service can do. ``root`` is its address up to the version; ``base`` that of the graph's ids."""
    settings = index.settings
    here = f"{root}/{version}"
    suggest = {
        what: {
            "service_url": here,
            "service_path": f"/suggest/{what}",
            "flyout_service_url": here,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }
        for what in ("entity", "property", "type")
    }
    width, height = PREVIEW
    found: dict[str, Any] = {
        "versions": list(VERSIONS),
        "name": settings.name[lang],
        "identifierSpace": f"{base}id/",
        "schemaSpace": v.ONTOLOGY_BASE,
        "documentation": f"{root}/",
        "serviceVersion": __version__,
        "logo": f"{root}/logo.svg",
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": width, "height": height},
        "defaultTypes": [_type(index, kind, lang, version) for kind in settings.defaults],
        "batchSize": settings.batch,
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "Most values of a thing; 0 for all",
                }
            ],
        },
    }
    if version == "0.1":
        for later in ("versions", "documentation", "serviceVersion", "logo", "batchSize"):
            if later != "batchSize":  # not in the text of 0.1, but what OpenRefine looks for
                del found[later]
    return found


def _type(index: Index, kind: str, lang: str, version: str = "0.2") -> dict[str, Any]:
    found = index.settings.types.get(kind)
    if found is None:
        return {"id": kind, "name": kind}
    told: dict[str, Any] = {"id": kind, "name": found.name[lang]}
    if version != "0.1":
        if found.description:
            told["description"] = found.description.get(lang, "")
        if found.broader:
            told["broader"] = [{"id": each, "name": index.settings.types[each].name[lang]} for each in found.broader]
    return told


# ---------------------------------------------------------------- suggestions


def suggest_entities(index: Index, prefix: str, cursor: int, lang: str = "id") -> dict[str, Any]:
    """Things with a word in their names that begins so; by how short the name is, then by it."""
    named = index.beginning(prefix) | ({prefix} & index.items.keys())
    items = [index.items[each] for each in named]
    items.sort(key=lambda item: (item.id != prefix, len(item.name), item.name, item.id))
    return {
        "result": [
            {
                "id": item.id,
                "name": item.name,
                "description": description(index, item, lang),
                "notable": [{"id": item.kind, "name": _type(index, item.kind, lang)["name"]}],
            }
            for item in items[cursor : cursor + PAGE]
        ]
    }


def suggest_properties(index: Index, prefix: str, cursor: int, lang: str = "id") -> dict[str, Any]:
    """Properties by the beginning of a word of their names, or by id."""
    found = [
        {"id": each.id, "name": each.name[lang], "description": _offered(index, each, lang)}
        for each in index.settings.properties.values()
        if like(prefix, [each.id, *each.name.values()])
    ]
    return {"result": found[cursor : cursor + PAGE]}


def _offered(index: Index, asked: Property, lang: str) -> str:
    kinds = [str(_type(index, kind, lang)["name"]) for kind in asked.of]
    return ", ".join(kinds)


def suggest_types(index: Index, prefix: str, cursor: int, lang: str = "id", version: str = "0.2") -> dict[str, Any]:
    """Types that things of the graph have; those with most things first."""
    kinds = [
        kind
        for kind in index.kinds
        if like(prefix, [kind, *(index.settings.types[kind].name.values() if kind in index.settings.types else ())])
    ]
    kinds.sort(key=lambda kind: (":" in kind, -index.kinds[kind], kind))
    return {"result": [_type(index, kind, lang, version) for kind in kinds[cursor : cursor + PAGE]]}


# ---------------------------------------------------------------- data extension


def propose(index: Index, kind: str, limit: int | None, lang: str = "id") -> dict[str, Any]:
    """The properties that things of a type have."""
    wanted = index.settings.type_named(kind) if kind else None
    found = [
        {"id": each.id, "name": each.name[lang]}
        for each in index.settings.properties.values()
        if not kind or not each.of or any(wanted in index.settings.broader(of) for of in each.of)
    ]
    told: dict[str, Any] = {"properties": found[:limit]}
    return {**told, **({"type": kind} if kind else {}), **({"limit": limit} if limit else {})}


def extend(index: Index, ids: Sequence[str], properties: Sequence[tuple[str, int]], lang: str = "id") -> dict[str, Any]:
    """The values of properties, as rows by id. What is not known has no values."""
    meta = []
    for name, _ in properties:
        asked = index.settings.properties.get(name)
        entry: dict[str, Any] = {"id": name, "name": asked.name[lang] if asked else name}
        if asked and asked.type:
            entry["type"] = {"id": asked.type, "name": _type(index, asked.type, lang)["name"]}
        meta.append(entry)
    rows = {
        item: {
            name: [_cell(index, value) for value in index.values_of(item, name)[: limit or None]]
            for name, limit in properties
        }
        for item in ids
    }
    return {"meta": meta, "rows": rows}


def _cell(index: Index, value: Value) -> dict[str, Any]:
    if value.id in index.items:
        return {"id": value.id, "name": index.items[value.id].name}
    if value.datatype == "date":
        return {"date": value.text + _DATE}
    if value.datatype in ("integer", "nonNegativeInteger"):
        return {"int": int(value.text)}
    if value.datatype in ("decimal", "double"):
        return {"float": float(value.text)}
    return {"str": value.text}


# ---------------------------------------------------------------- previews

STYLE: Final = (
    "body{font:13px/1.4 system-ui,sans-serif;margin:8px}h1{font-size:15px;margin:0 0 4px}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 8px;margin:0}dt{color:#555}dd{margin:0}"
)
"""Of a preview, in the page itself: it is shown in a frame of another site."""


def thing(index: Index, name: str) -> Item:
    """The thing of that id. Raises BadRequest (404)."""
    if name not in index.items:
        raise BadRequest(f"no thing {name!r} in the graph", 404)
    return index.items[name]


def preview(index: Index, name: str, lang: str = "id") -> str:
    """A small page on a thing: names, kind, values of its properties."""
    item = thing(index, name)
    title = html.escape(item.name)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{_body(index, item, lang)}\n</body>\n</html>\n"
    )


def flyout(index: Index, what: str, name: str, lang: str = "id") -> dict[str, str]:
    """A few words as HTML on a thing, property or type. Raises BadRequest (404)."""
    if what == "entity":
        item = thing(index, name)
        return {"id": name, "html": f"<p><b>{html.escape(item.name)}</b></p>{_body(index, item, lang)}"}
    known: dict[str, Any] | None = None
    if what == "property" and name in index.settings.properties:
        asked = index.settings.properties[name]
        known = {"name": asked.name[lang], "description": _offered(index, asked, lang)}
    elif what == "type" and index.settings.type_named(name):
        known = _type(index, str(index.settings.type_named(name)), lang)
    if known is None:
        raise BadRequest(f"no {what} {name!r}", 404)
    more = f"<p>{html.escape(known['description'])}</p>" if known.get("description") else ""
    return {"id": name, "html": f"<p><b>{html.escape(known['name'])}</b></p>{more}"}


def _body(index: Index, item: Item, lang: str) -> str:
    lines = [("", str(_type(index, item.kind, lang)["name"])), *_facts(index, item, lang), ("id", item.id)]
    return "<dl>" + "".join(f"<dt>{html.escape(key)}</dt><dd>{html.escape(text)}</dd>" for key, text in lines) + "</dl>"


def _facts(index: Index, item: Item, lang: str) -> Iterator[tuple[str, str]]:
    for each in index.settings.properties.values():
        values = index.values_of(item.id, each.id)
        if values:
            shown = [index.items[value.id].name if value.id in index.items else value.text for value in values[:5]]
            more = f" (+{len(values) - 5})" if len(values) > 5 else ""
            yield each.name[lang], ", ".join(shown) + more
