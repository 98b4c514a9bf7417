"""A page on which a person judges what runs left open: ``/tinjau`` or ``/review``, forms and no scripts.

Two things are judged one (merge) or two (split), and each judgement can be taken back; every act has an author and is
in the log beside the judgements.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError
from kg.find import short
from kg.link import history
from kg.link.judgements import Judgement, Judgements, Verdict, name
from kg.link.reconcile.queries import BadRequest
from kg.link.review import Question, Review
from kg.serve.explorer.layout import Layout
from kg.serve.forms import parameters
from kg.serve.writing import PRIVATE, Access, refused, to_login

PAGE: Final = 20
"""Questions on a page, and judgements."""
NONE_OF_THEM, UNSURE = "d", "u"
Find = Callable[[Judgements, str], tuple[str, str]]
"""What somebody writes for a thing -> its IRI and label."""


class Desk:
    """Where questions come from and answers go. One answer at a time; each is on the disk before the next page."""

    def __init__(
        self,
        *,
        load: Callable[[], Judgements],
        publish: Callable[[Judgements], None],
        find: Find,
        today: Callable[[], str],
        author: str = "",
    ) -> None:
        self._load, self._publish, self._find, self._today = load, publish, find, today
        self.author = author
        self._lock = threading.Lock()

    def questions(self) -> list[Question]:
        """What is open now."""
        with self._lock:
            kept = self._load()
            return Review.beside(kept.path, kept.base).open(kept)

    def judged(self) -> list[Judgement]:
        """What was judged, the newest first."""
        with self._lock:
            return sorted(self._load(), key=lambda each: each.date, reverse=True)

    def answer(self, subject: str, choice: str, author: str, reason: str) -> None:
        """Keep an answer: the IRI of the candidate that is it, NONE_OF_THEM or UNSURE. Raises BadRequest."""
        _expect_author(author)
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

    def judge(self, one: str, other: str, verdict: str, author: str, reason: str) -> None:
        """Judge a pair, in place of an earlier judgement on it. Raises BadRequest, and what finding them raises."""
        _expect_author(author)
        if not reason:
            raise BadRequest("why? give a reason, for those who come later")
        if verdict not in [each.value for each in Verdict]:
            raise BadRequest("how do you judge? choose one of the three")
        with self._lock:
            kept = self._load()
            (subject, label), (object_, other_label) = self._find(kept, one), self._find(kept, other)
            said = Judgement(
                subject, object_, Verdict(verdict), author, self._today(), reason, label, other_label
            )  # fmt: skip
            before = kept.add(said, replace=True)
            kept.save()
            history.note(kept.path, "judged", said)
            if before is not None:
                history.note(kept.path, "replaced", before, author)
            self._publish(kept)

    def undo(self, one: str, other: str, author: str) -> None:
        """Take a judgement back, by the IRIs of its pair. Raises BadRequest, NothingFound."""
        _expect_author(author)
        with self._lock:
            kept = self._load()
            gone = kept.remove(one, other)
            kept.save()
            history.note(kept.path, "taken back", gone, author)
            self._publish(kept)


def _expect_author(author: str) -> None:
    if not author:
        raise BadRequest("who judges? give a name")


def _key(question: Question, choice: str) -> str:
    if choice in (NONE_OF_THEM, UNSURE):
        return choice
    ids = [each.id for each in question.candidates]
    if choice not in ids:
        raise BadRequest("no answer was chosen, or it is no longer a candidate; go back to the page")
    return str(ids.index(choice) + 1)


def routes(desk: Desk, access: Access, layout: Layout) -> list[Route]:
    """The page under both its names."""

    async def page(request: Request) -> Response:
        if request.method != "POST":
            if not access.is_in(request):
                return to_login(request)
            context = await run_in_threadpool(_context, desk, access, request)
            return layout.page(request, "review.html", context, headers=PRIVATE)
        try:
            given = await parameters(request)
            access.expect(request, given)
            author = given.get("author", "").strip()
            await run_in_threadpool(_act, desk, given, author)
        except KgError as error:
            return refused(layout, request, error)
        return RedirectResponse(f"{request.url.path}?{urlencode({'author': author})}", 303, headers=PRIVATE)

    return [Route(path, page, methods=["GET", "POST"]) for path in ("/tinjau", "/review")]


def _act(desk: Desk, given: Mapping[str, str], author: str) -> None:
    act, reason = given.get("act", "answer"), given.get("reason", "").strip()
    if act == "answer":
        desk.answer(given.get("subject", ""), given.get("answer", ""), author, reason)
    elif act == "judge":
        desk.judge(
            given.get("one", "").strip(), given.get("other", "").strip(), given.get("verdict", ""), author, reason
        )
    elif act == "undo":
        desk.undo(given.get("one", ""), given.get("other", ""), author)
    else:
        raise BadRequest(f"act {act!r}: expected answer, judge or undo")


def _context(desk: Desk, access: Access, request: Request) -> dict[str, object]:
    questions, judged = desk.questions(), desk.judged()
    return {
        "token": access.form_token(request),
        "author": request.query_params.get("author", desk.author),
        "count": len(questions),
        "more": max(0, len(questions) - PAGE),
        "questions": [
            {
                "label": question.label,
                "subject": question.subject,
                "source": short(question.source).removeprefix("source/"),
                "candidates": [
                    (each.id, each.label, short(each.id), f"{each.score:.2f}", "; ".join(each.reasons))
                    for each in question.candidates
                ],
            }
            for question in questions[:PAGE]
        ],
        "judged": [(each, name(each, 0), name(each, 1)) for each in judged[:PAGE]],
        "has_quarantine": any(getattr(each, "path", "") == "/review/quarantine" for each in request.app.routes),
    }
