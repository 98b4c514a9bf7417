"""From a part of the graph to a scene: title, columns, cards, lines with their labels, legend, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.draw.faces import NOTE, Face, days, faces_of
from kg.draw.part import Part
from kg.draw.scene import Card, Curve, Scene, Shape, Text
from kg.draw.style import DASHES, LOOKS, RELATIONS, STRINGS, Look
from kg.draw.text import width, wrap
from kg.draw.ways import MARGIN, TOP, Plan, curves_of, plan_of, relation, tie
from kg.traverse import short, word

if TYPE_CHECKING:
    from kg.traverse import Graph

_GREY: Final = "#4a5568"
_LEAST: Final = 640.0  # width of a page, for title and legend
_NAMED: Final = 3  # articles that are named as sources


def compose(graph: Graph, part: Part, *, title: str, lang: str) -> Scene:
    """The whole picture."""
    plan = plan_of(graph, part, faces_of(graph, part, lang), lang)
    cards = [_card(graph, plan, node, lang) for node in part.nodes]
    page = max(plan.right + MARGIN, _LEAST)
    bottom = max((card.shape.top + card.shape.height for card in cards), default=TOP)
    swatches, samples, words, foot = _legend(graph, plan, bottom + 34, page, lang)
    source = Text(MARGIN, foot + 24, _sources(graph, part, lang, page), NOTE, _GREY)
    texts = [
        *_head(graph, part, title, lang, page),
        *_headings(plan, lang),
        *_labels(graph, plan, lang),
        *words,
        source,
    ]
    return Scene(
        *(page, foot + 44, title, _about(graph, part, lang), lang),
        curves=(*curves_of(plan), *samples),
        cards=(*cards, *swatches),
        texts=tuple(texts),
    )


def _head(graph: Graph, part: Part, title: str, lang: str, page: float) -> list[Text]:
    lines = wrap(title, 22, page - 2 * MARGIN, lines=1, bold=True)
    return [
        *(Text(MARGIN, 46, line, 22, bold=True) for line in lines),
        *(Text(MARGIN, 68 + n * 17, line, 12.5, _GREY) for n, line in enumerate(_summary(graph, part, lang))),
    ]


def _summary(graph: Graph, part: Part, lang: str) -> list[str]:
    """What is drawn, in numbers, and what isn't."""
    strings = STRINGS[lang]
    if not part.lines:
        return [strings["empty"]]
    counts = {"things": len(part.nodes), "links": len(part.lines), "articles": len(_articles(graph, part))}
    lines = [strings["counts"].format(**counts)]
    if part.whole > len(part.nodes) and part.centre is not None:
        centre = graph.nodes[part.centre]["label"]
        lines.append(strings["part"].format(shown=len(part.nodes), things=part.whole, centre=centre))
    return lines


def _articles(graph: Graph, part: Part) -> list[str]:
    """The articles that state what is drawn, the newest first."""
    nodes = set(part.nodes)
    found = {
        (d["date"], d["article"]) for s, t, d in graph.edges(data=True) if s in nodes and t in nodes and d["article"]
    }
    return [article for _, article in sorted(found, key=lambda one: (one[0], one[1]), reverse=True)]


def _sources(graph: Graph, part: Part, lang: str, page: float) -> str:
    articles = _articles(graph, part)
    if not articles:
        return ""
    names = [_article(graph, article, lang) for article in articles[:_NAMED]]
    if len(articles) > _NAMED:
        names.append(STRINGS[lang]["more"].format(number=len(articles) - _NAMED))
    return wrap(STRINGS[lang]["sources"].format(names=" · ".join(names)), NOTE, page - 2 * MARGIN, lines=1)[0]


def _article(graph: Graph, article: str, lang: str) -> str:
    if article not in graph:
        return short(article)
    data = graph.nodes[article]
    return f"{data['label']} ({days(data['date'], lang)})" if data["date"] else str(data["label"])


def _headings(plan: Plan, lang: str) -> list[Text]:
    """The names of the looks above their column or columns; those that share one stand below each other."""
    spans: dict[tuple[int, int], list[Look]] = {}
    for look in LOOKS:
        columns = sorted({plan.column[node] for node, face in plan.faces.items() if face.look is look})
        if columns:
            spans.setdefault((columns[0], columns[-1]), []).append(look)
    found = []
    for (first, last), looks in spans.items():
        middle = (plan.left[first] + plan.left[last] + plan.wide[last]) / 2
        for n, look in enumerate(reversed(looks)):
            found.append(Text(middle, TOP - 18 - n * 15, _name(look, lang), 12, _ink(look), "middle", bold=True))
    return found


def _name(look: Look, lang: str) -> str:
    return look.names[lang == "en"]


def _ink(look: Look) -> str:
    """The colour of a look that can be read on white."""
    return "#7a5210" if look.stroke == "#b7791f" else look.stroke


def _card(graph: Graph, plan: Plan, node: str, lang: str) -> Card:
    face, data = plan.faces[node], graph.nodes[node]
    left, wide, high = plan.left[plan.column[node]], face.look.width, plan.height[node]
    left += (plan.wide[plan.column[node]] - wide) / 2
    dash = DASHES["projected"] if face.dashed else ()
    top = plan.middle[node] - high / 2
    line = 2.4 if node == plan.part.centre else 1.5
    shape = Shape(face.look.form, left, top, wide, high, face.look.fill, face.look.stroke, dash, line)
    names = ", ".join([f"{data['label']} ({word(data['kind'], lang)})", *data["aliases"]])
    return Card(shape, tuple(_written(face, left + wide / 2, top + (high - face.height) / 2)), names)


def _written(face: Face, middle: float, top: float) -> list[Text]:
    """The lines of a card, from its upper edge downwards."""
    look, y, found = face.look, top + 8.0, []
    for line in face.lines:
        y += look.size * 1.22
        found.append(Text(middle, y - look.size * 0.3, line, look.size, look.ink, "middle", bold=True))
    for note in face.notes:
        y += NOTE * 1.3
        found.append(Text(middle, y - NOTE * 0.3, note, NOTE, look.ink if look.ink == "#ffffff" else _GREY, "middle"))
    return found


def _labels(graph: Graph, plan: Plan, lang: str) -> list[Text]:
    """What lines mean, where they leave their hub."""
    found = []
    for port, label in sorted(plan.labels.items()):
        x, y = plan.place(port)
        left = x + 9 if port[1] == "r" else x - 9
        anchor = "start" if port[1] == "r" else "end"
        found.append(Text(left, y - 4.5, label, NOTE, RELATIONS.get(port[2][0], _GREY), anchor, halo=True))
    return [*found, *_tied(plan, graph, lang)]


def _tied(plan: Plan, graph: Graph, lang: str) -> list[Text]:
    """The names of lines between hubs that stand above each other."""
    found = []
    for line in filter(plan.tied, plan.part.lines):
        (x, start), (_, end) = tie(plan, line)
        text = relation(graph, line, lang)
        found.append(Text(x + 7, (start + end) / 2 + 3.5, text, NOTE, RELATIONS.get(line.relation, _GREY), halo=True))
    return found


def _legend(
    graph: Graph, plan: Plan, top: float, page: float, lang: str
) -> tuple[list[Card], list[Curve], list[Text], float]:
    """Swatches of the looks, samples of line styles and of arcs; gives also where its last row ends."""
    cards: list[Card] = []
    curves: list[Curve] = []
    texts: list[Text] = []
    x, y = MARGIN, top
    for what, name in _entries(graph, plan, lang):
        room = 34 + width(name, 11.5) + 26
        if x > MARGIN and x + room > page - MARGIN:
            x, y = MARGIN, y + 24
        if isinstance(what, Look):
            cards.append(Card(Shape(what.form, x, y - 12, 26, 16, what.fill, what.stroke), (), ""))
        else:
            colour, dash = what
            curves.append(Curve((x, y - 4), (((x + 9, y - 4), (x + 18, y - 4), (x + 26, y - 4)),), colour, 2.0, dash))
        texts.append(Text(x + 34, y, name, 11.5, _GREY))
        x += room
    return cards, curves, texts, y


def _entries(graph: Graph, plan: Plan, lang: str) -> list[tuple[Look | tuple[str, tuple[float, ...]], str]]:
    looks = [look for look in LOOKS if any(face.look is look for face in plan.faces.values())]
    entries: list[tuple[Look | tuple[str, tuple[float, ...]], str]] = [(look, _name(look, lang)) for look in looks]
    statuses = {line.status for line in plan.part.lines}
    if statuses & set(DASHES):
        entries.append(((_GREY, ()), STRINGS[lang]["solid"]))
        entries += [((_GREY, dash), word(status, lang)) for status, dash in DASHES.items() if status in statuses]
    arcs = {
        line.relation: line for line in sorted(plan.part.lines, reverse=True) if plan.bent(line) and not plan.tied(line)
    }
    entries += [((RELATIONS.get(name, _GREY), ()), relation(graph, arcs[name], lang)) for name in sorted(arcs)]
    return entries


def _about(graph: Graph, part: Part, lang: str) -> str:
    """The picture in words, for those who can't see it: the numbers, then every link."""
    links = [
        f"{graph.nodes[line.source]['label']} {relation(graph, line, lang)}"
        + ("" if line.status in ("", "current") else f" ({word(line.status, lang)})")
        + f" {graph.nodes[line.target]['label']}"
        for line in part.lines
    ]
    return ". ".join([*_summary(graph, part, lang), *links]) + "."
