"""The graph for people who don't know SPARQL: search, a page for each thing and article, map, time line.

``layout`` puts a template into the frame that all pages share, in the reader's language; ``words`` are the words of
the interface; ``assets`` serves styles and scripts. What the pages show is made here from the view, by bound queries.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from kg.serve.current import Current
from kg.serve.explorer import assets, map_page, pages, search_pages, timeline_page
from kg.serve.explorer.layout import Layout


def routes(current: Current, layout: Layout, *, texts: bool = True) -> list[BaseRoute]:
    """All pages of the explorer, and the styles and scripts below ``/static``.

    ``texts``: whether whole articles are shown, not the sentences around evidence alone.
    """
    return [
        Mount("/static", assets.app()),
        *search_pages.routes(current, layout),
        *map_page.routes(current, layout),
        *timeline_page.routes(current, layout),
        *pages.routes(current, layout, texts=texts),
    ]
