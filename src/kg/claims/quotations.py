"""Direct quotations and who says them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kg.claims.context import Context
from kg.mention import Mention
from kg.model import Argument, Claim, Evidence, Label, Relation
from kg.names import words
from kg.positions import Placed
from kg.rules import Finding

LONGEST_LABEL = 40  # code points before a quotation among which the word for a title or inscription stands
SURE = Decimal(
    "0.75"
)  # a rule below it tells pieces of speech inside a sentence: meminta direksi "berhenti menyalahkan …"
FEWEST = 3  # words of a quotation
SHORT = 2  # of one that a verb of speech follows
NEAR = 80  # code points between two parts of one quotation
SPEECH_WORDS = 5  # an unattributed quotation of fewer words is a term, title or theme


def note(context: Context, findings: Iterable[Finding]) -> None:
    """The surest attribution of each quotation."""
    for finding in findings:
        quote = finding.fillers.get("quote")
        if finding.rule.relation is Relation.SAYS and isinstance(quote, Mention):
            best = context.spoken.get(quote.start)
            if best is None or finding.rule.confidence > best.rule.confidence:
                context.spoken[quote.start] = finding


def says(context: Context, finding: Finding) -> Iterator[Claim]:
    """A direct quotation and who says it."""
    quote = finding.fillers.get("quote")
    if not isinstance(quote, Mention) or context.spoken.get(quote.start) is not finding:
        return
    start, end = quote.start + 1, quote.end - 1 if context.text[quote.end - 1] in "\"”»'’" else quote.end
    while start < end and context.text[start].isspace():
        start += 1
    while end > start and (context.text[end - 1].isspace() or context.text[end - 1] == ","):
        end -= 1
    spoken = context.text[start:end]
    attributed = finding.fillers.get("person") != "@near"
    fewest = FEWEST if finding.rule.confidence < SURE or not attributed else SHORT
    if len(words(spoken)) < fewest or not (attributed or _is_speech(context.text, quote)):
        return
    if attributed and finding.rule.confidence < SURE and not spoken[:1].islower():
        return
    if _is_named(context, start) or _continues(context, quote, attributed=attributed):
        return
    person = context.person(finding.fillers.get("person"), finding)
    if person is not None:
        yield context.claim(finding, person=person, text=Argument(Label(spoken), Evidence(start, end)))


def _is_named(context: Context, start: int) -> bool:
    """Whether the words before the marks show a title, theme or inscription: bertema "…", buku "…", spanduk "…"."""
    before = context.text[max(0, start - LONGEST_LABEL) : start].rstrip(" \n\"“„«‘'").lower()
    return bool(set(before.split()[-1:]) & context.lexicon.members("function.inscribed"))


def _continues(context: Context, quote: Mention, *, attributed: bool) -> bool:
    """Whether the quotation goes on from one shortly before it: "…," kata X, "…" or "…," kata X. "…"."""
    if getattr(quote.core.value, "continues", False):
        return True
    before = context.once("quotes", _quotes).last_before(quote.start + 1)
    if (
        before is None
        or _words_between(context, before, quote) >= NEAR
        or "\n" in context.text[before.end : quote.start]
    ):
        return False
    broken_off = context.text[before.end - 2] == ","
    return not attributed or (broken_off and context.text[before.end - 2 : quote.start].rstrip().endswith(","))


def _quotes(context: Context) -> Placed[Mention]:
    """The quotations outside quotations, by their ends."""
    return Placed(
        (mention.end, mention)
        for sentence in context.entities.sentences
        if not sentence.in_quotation
        for mention in sentence.mentions
        if mention.type == "quote"
    )


def _words_between(context: Context, first: Mention, second: Mention) -> int:
    """How many characters stand between two mentions, those of other mentions not counted; at least NEAR if more."""
    starts, mentions = context.once("outside", _outside_quotations)
    between, position = 0, second.start
    for at in range(bisect_left(starts, second.start) - 1, -1, -1):
        mention = mentions[at]
        if mention.start < first.end or between >= NEAR:
            break
        if mention.end <= second.start:
            between += position - mention.end
            position = mention.start
    return between if between >= NEAR else between + position - first.end


def _outside_quotations(context: Context) -> tuple[list[int], list[Mention]]:
    """The mentions outside quotations in their order, with their starts."""
    found = [m for s in context.entities.sentences if not s.in_quotation for m in s.mentions]
    return [mention.start for mention in found], found


def _is_speech(text: str, quote: Mention) -> bool:
    """Whether a quotation that nothing attributes is speech: long enough, a capital first, a mark last."""
    inside = text[quote.start + 1 : quote.end].strip(" \"”“„«»'‘’")
    return len(words(inside)) >= SPEECH_WORDS and inside[-1:] in ",.!?" and inside[:1].isupper()
