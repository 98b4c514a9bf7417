"""A page on which a person judges what runs left open: ``/tinjau`` or ``/review``, forms and no scripts.

Other pages in the same browser must not judge: the page is only shown under a name of this machine (a foreign name that
leads here is refused), an answer must come from the page itself (Origin) and bear the token that was shown on it, and
no other origin may read any of it.
"""

from __future__ import annotations

import hmac
import html
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError
from kg.find import short
from kg.link import history
from kg.link.judgements import Judgements
from kg.link.reconcile.queries import BadRequest
from kg.link.review import Question, Review
from kg.serve.forms import parameters

PAGE: Final = 20
"""Questions on a page."""
LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
NONE_OF_THEM, UNSURE = "d", "u"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "title": "Tinjau",
        "open": "yang belum diputuskan",
        "nothing": "Tidak ada yang perlu ditinjau.",
        "none": "bukan salah satunya",
        "unsure": "tidak dapat dipastikan",
        "why": "Alasan",
        "who": "Penilai",
        "keep": "Simpan",
        "more": "lainnya",
    },
    "en": {
        "title": "Review",
        "open": "to be judged",
        "nothing": "Nothing is left to be judged.",
        "none": "none of them",
        "unsure": "can't be told",
        "why": "Why",
        "who": "Who judges",
        "keep": "Keep",
        "more": "more",
    },
}


class Desk:
    """Where questions come from and answers go. One answer at a time; each is on the disk before the next page."""

    def __init__(
        self,
        *,
        load: Callable[[], Judgements],
        publish: Callable[[Judgements], None],
        today: Callable[[], str],
        author: str = "",
    ) -> None:
        self._load, self._publish, self._today = load, publish, today
        self.author = author
        self.token = secrets.token_urlsafe(32)
        self._lock = threading.Lock()

    def questions(self) -> list[Question]:
        """What is open now."""
        with self._lock:
            kept = self._load()
            return Review.beside(kept.path, kept.base).open(kept)

    def answer(self, subject: str, choice: str, author: str, reason: str) -> None:
        """Keep an answer: the IRI of the candidate that is it, NONE_OF_THEM or UNSURE. Raises BadRequest."""
        if not author:
            raise BadRequest("who judges? give a name")
        with self._lock:
            kept = self._load()
            question = next((q for q in Review.beside(kept.path, kept.base).open(kept) if q.subject == subject), None)
            if question is None:
                raise BadRequest("this question is no longer open; go back to the page", 409)
            for said in question.answered(_key(question, choice), author=author, date=self._today(), reason=reason):
                kept.add(said)
                history.note(kept.path, "judged", said)
            kept.save()
            self._publish(kept)


def _key(question: Question, choice: str) -> str:
    if choice in (NONE_OF_THEM, UNSURE):
        return choice
    ids = [each.id for each in question.candidates]
    if choice not in ids:
        raise BadRequest("no answer was chosen, or it is no longer a candidate; go back to the page")
    return str(ids.index(choice) + 1)


def routes(desk: Desk, lang: str) -> list[Route]:
    """The page under both its names."""

    async def page(request: Request) -> Response:
        try:
            _expect_local(request)
            if request.method != "POST":
                author = request.query_params.get("author", desk.author)
                questions = await run_in_threadpool(desk.questions)
                return HTMLResponse(_page(questions, desk.token, author, lang), headers=HEADERS)
            given = await parameters(request)
            _expect_own(request, given, desk.token)
            author, reason = given.get("author", "").strip(), given.get("reason", "").strip()
            await run_in_threadpool(desk.answer, given.get("subject", ""), given.get("answer", ""), author, reason)
        except KgError as error:
            return _refused(error, lang)
        return RedirectResponse(f"{request.url.path}?{urlencode({'author': author})}", 303, headers=HEADERS)

    return [Route(path, page, methods=["GET", "POST"]) for path in ("/tinjau", "/review")]


def _expect_local(request: Request) -> None:
    """A web page may give its own name the address of this machine and so pass for it: names of others are refused."""
    if urlsplit(f"//{request.headers.get('host', '')}").hostname not in LOCAL:
        raise BadRequest("this page is only shown under a name of this machine, such as 127.0.0.1", 403)


def _expect_own(request: Request, given: Mapping[str, str], token: str) -> None:
    """The answer comes from our own page. Browsers send Origin with every POST; other programs need the token alone."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site != "same-origin" or (origin is not None and origin != str(request.base_url).rstrip("/")):
        raise BadRequest("this answer was sent by another page", 403)
    if not hmac.compare_digest(given.get("token", "").encode(), token.encode()):
        raise BadRequest("this page is older than the server; load it again", 403)


def _refused(error: KgError, lang: str) -> Response:
    status = error.status if isinstance(error, BadRequest) else 409  # somebody else judged, or wrote the file
    return HTMLResponse(_frame([f"<p>{html.escape(str(error))}</p>"], lang), status, headers=HEADERS)


def _page(questions: Sequence[Question], token: str, author: str, lang: str) -> str:
    words = WORDS[lang]
    if not questions:
        return _frame([f"<p>{words['nothing']}</p>"], lang)
    body = [f"<p>{len(questions)} {words['open']}</p>"]
    for question in questions[:PAGE]:
        body += _form(question, token, author, words)
    if len(questions) > PAGE:
        body.append(f"<p>… {len(questions) - PAGE} {words['more']}</p>")
    return _frame(body, lang)


def _form(question: Question, token: str, author: str, words: Mapping[str, str]) -> Iterator[str]:
    source = html.escape(short(question.source).removeprefix("source/"))
    yield f'<form method="post"><h2>{html.escape(question.label)}</h2><p>{source}</p>'
    yield _hidden("token", token) + _hidden("subject", question.subject)
    for each in question.candidates:
        reasons = html.escape("; ".join(each.reasons))
        label, id_ = html.escape(each.label), html.escape(short(each.id))
        yield _choice(each.id, f"{label} <code>{id_}</code> {each.score:.2f} <small>{reasons}</small>")
    yield _choice(NONE_OF_THEM, words["none"]) + _choice(UNSURE, words["unsure"])
    yield f'<p><label>{words["why"]} <input name="reason" size="40"></label> '
    yield f'<label>{words["who"]} <input name="author" required value="{html.escape(author)}"></label> '
    yield f"<button>{words['keep']}</button></p></form>"


def _choice(value: str, text: str) -> str:
    return f'<p><label><input type="radio" name="answer" required value="{html.escape(value)}"> {text}</label></p>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{html.escape(value)}">'


def _frame(body: Sequence[str], lang: str) -> str:
    title = WORDS[lang]["title"]
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title><style>'
        "body{font:15px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
        "form{border-top:1px solid #bbb}h2{margin:.6em 0 0}form p{margin:.3em 0}small{color:#555}"
        f"</style></head>\n<body>\n<h1>{title}</h1>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )
