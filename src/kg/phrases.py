"""Typed sentences with their noun phrases collapsed: "{post} {body}, {person}" becomes the person.

Each collapse leaves the finding that the phrase states; the relation rules then need one form instead of six.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from kg.known import Known
from kg.lexicon import Lexicon
from kg.mention import Mention
from kg.mentions import mentions
from kg.model import Relation
from kg.rules import Filler, Finding, Rule, RuleBook, fillers, matches, trigger_span
from kg.segment import Paragraph
from kg.sentences import Sentence, sentences
from kg.tokens import scan

NAME_WORD = re.compile(r"[^\W\d_][\w'.-]*")
CAPITAL_BEHIND = re.compile(" [A-Z]")  # in a mask there are few: most stand in names
CAPITALISED = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
QUOTED_SPEECH = 25  # code points; what is shorter is a quoted name or theme
BACK = 3  # characters of the mask before a phrase from which it may be part of another: "{unit} {parent}"
MOST_NAME_WORDS = 4  # of a person's name that nothing but its first word tells of
ROUNDS = 8  # a phrase nests at most so deep; each round must shrink the sentence
BRACKETED = (Relation.ALIAS, Relation.LOCATED_IN)  # relations of phrases that end in a bracket: Kota Sorong (Papua)


def read(
    text: str,
    paragraphs: Iterable[Paragraph],
    lexicon: Lexicon,
    book: RuleBook,
    known: Known,
    trace: set[str] | None = None,
) -> tuple[list[Sentence], list[Finding]]:
    """All sentences in reading order, those inside quotations behind their sentence, and what phrases state.

    ``trace`` collects the ids of the rules that typed a mention or collapsed a phrase.
    """
    scanned = [
        (number, scan(text, paragraph, lexicon))
        for number, paragraph in enumerate(paragraphs)
        if not paragraph.headline
    ]
    body = [
        sentence
        for number, one in scanned
        for sentence in sentences(text, one.paragraph, mentions(text, one, lexicon, known), number=number)
    ]
    book.find_words(body)
    for sentence in body:
        promote(sentence, book, trace)
    known.person_words |= person_words(text, body)
    known.short_persons |= short_persons(text, body)
    found: list[Finding] = []
    ordered: list[Sentence] = []
    for sentence in body:
        name_first_word(sentence, text, known)
        name_speaker(sentence, text, known)
        spread_names(sentence, text, known)
    for sentence in body:
        found += collapse(sentence, book, trace)
        ordered.append(sentence)
        for inner in quoted(sentence, text, lexicon, known):
            promote(inner, book, trace)
            spread_names(inner, text, known)
            found += collapse(inner, book, trace)
            ordered.append(inner)
    for number, sentence in enumerate(ordered):
        sentence.number = number
    return ordered, found


def promote(sentence: Sentence, book: RuleBook, trace: set[str] | None = None) -> None:
    """Give unknown mentions a type by their context."""
    for rule in book.worth_trying("type", sentence):
        changed = False
        for match in rule.when.regex.finditer(sentence.lower):
            if rule.excludes(sentence.lower, match):
                continue
            for role, filler in fillers(match, rule.when, sentence).items():
                for mention in filler if isinstance(filler, list) else [filler]:
                    if (
                        isinstance(mention, Mention)
                        and rule.promote
                        and (mention.type == "unknown" or role == "promoted")
                    ):
                        changed = changed or mention.type != rule.promote
                        mention.type = rule.promote
                        mention.rule = rule.id
        if changed:
            sentence.retype()
            if trace is not None:
                trace.add(rule.id)


def person_words(text: str, body: Iterable[Sentence]) -> set[str]:
    """The words of all persons' names in the article; later mentions use one or two of them."""
    return {
        word
        for sentence in body
        for mention in sentence.mentions
        if mention.type == "person" and not mention.generic
        for word in NAME_WORD.findall(text[slice(*mention.name)])
        if word[0].isupper() and len(word) > 2
    }


def short_persons(text: str, body: Iterable[Sentence]) -> set[str]:
    """The words that alone are a person somewhere in the article: "ujar Hasan"."""
    return {
        text[mention.start : mention.end]
        for sentence in body
        for mention in sentence.mentions
        if mention.type == "person" and not mention.generic and len(mention.letters) == 1
    }


def spread_names(sentence: Sentence, text: str, known: Known) -> None:
    """Unknown mentions made of words of a person's name are that person; so are names that a short one begins."""
    changed = False
    for mention in sentence.mentions:
        if mention.type != "unknown":
            continue
        words = NAME_WORD.findall(text[mention.start : mention.end])
        fuller = 1 < len(words) <= MOST_NAME_WORDS and words[0] in known.short_persons
        if fuller or all(word in known.person_words for word in words):
            mention.type = "person"
            changed = True
    if changed:
        sentence.retype()


def name_speaker(sentence: Sentence, text: str, known: Known) -> None:
    """A lone word of units' names behind a verb of speech: "ucap Agung", if the article has a person of that name."""
    if CAPITAL_BEHIND.search(sentence.printed) is None:
        return
    for match in _speech(known.lexicon).finditer(text, sentence.start, sentence.end):
        start, end = match.span(1)
        if match[1] in known.person_words and not any(m.start < end and start < m.end for m in sentence.mentions):
            mention = Mention(start, end, "person", "C")
            mention.parts["name"] = mention.span
            sentence.remask(sorted([*sentence.mentions, mention], key=lambda other: other.start))


@cache
def _speech(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"\b{lexicon.macros['say']} ([A-Z][\w'-]+)(?![\w'-]| [A-Z])")


def name_first_word(sentence: Sentence, text: str, known: Known) -> None:
    """A person's name that opens a sentence: capitals there say nothing, so the article must know the words."""
    start = sentence.start
    while start < sentence.end and not text[start].isalnum():
        start += 1
    for mention in sentence.mentions:
        if mention.start > start:
            break
        if start < mention.end:
            return
    match = CAPITALISED.match(text, start, sentence.end)
    if match is None:
        return
    words = match.group().split(" ")
    count = next((n for n, word in enumerate(words) if word not in known.person_words), len(words))
    if count:
        end = start + len(" ".join(words[:count]))
        mention = Mention(start, end, "person", "C" * count)
        mention.parts["name"] = mention.span
        rest = [other for other in sentence.mentions if other.start >= end]
        if len(rest) == len(sentence.mentions):
            sentence.remask([mention, *rest])


def quoted(sentence: Sentence, text: str, lexicon: Lexicon, known: Known) -> Iterable[Sentence]:
    """The sentences inside the quotations of a sentence."""
    for mention in sentence.mentions:
        if mention.type == "quote" and mention.end - mention.start > QUOTED_SPEECH:
            end = mention.end - 1 if text[mention.end - 1] in "\"'" else mention.end
            inside = Paragraph(mention.start + 1, end, False, ())
            found = mentions(text, scan(text, inside, lexicon), lexicon, known)
            yield from sentences(text, inside, found, number=sentence.paragraph, in_quotation=True)


def collapse(sentence: Sentence, book: RuleBook, trace: set[str] | None = None) -> list[Finding]:
    """Collapse the sentence's noun phrases until none is left; what they state, in order."""
    found: list[Finding] = []
    failed: dict[str, int] = {}  # rule -> how many mentions there were when it found nothing
    for _ in range(ROUNDS):
        before = len(sentence.mentions)
        if before < 2:
            break
        for rule in book.worth_trying("phrase", sentence):
            count = len(sentence.mentions)
            if failed.get(rule.id) == count:
                continue
            found += _collapse_by(rule, sentence, trace)
            if len(sentence.mentions) == count:
                failed[rule.id] = count
        if len(sentence.mentions) == before:
            break
    return found


def _collapse_by(rule: Rule, sentence: Sentence, trace: set[str] | None) -> list[Finding]:
    """Collapse the phrases of one rule, from left to right."""
    found: list[Finding] = []
    search = rule.when.regex.search
    start = 0
    while len(sentence.mentions) > 1:
        match = search(sentence.lower, start)
        if match is None:
            break
        fill = fillers(match, rule.when, sentence)
        new = _collapsed(rule, match, fill, sentence) if _is_bare(rule, fill) else None
        if new is None or rule.excludes(sentence.lower, match):
            start = match.start() + 1
            continue
        if trace is not None:
            trace.add(rule.id)
        found += _stated(rule, match, fill, sentence)
        if rule.promote:
            new.type = rule.promote
        sentence.collapse(match.start(), match.end(), new)
        start = max(0, match.start() - BACK)
    return found


def _is_bare(rule: Rule, fill: Mapping[str, Filler]) -> bool:
    """Whether the mention that the rule wants as a mere name has no post before it."""
    mention = fill.get(rule.bare) if rule.bare is not None else None
    return not isinstance(mention, Mention) or mention.start >= mention.core.start


def _stated(rule: Rule, match: re.Match[str], found: Mapping[str, Filler], sentence: Sentence) -> Iterable[Finding]:
    if rule.relation is None:
        return
    span = (sentence.offset(match.start()), sentence.stop(match.end()))
    trigger = trigger_span(sentence, match.start(), match.end())
    roles = {role: filler for role, filler in found.items() if role not in rule.also.values() or role in rule.also}
    yield Finding(rule, sentence, {**rule.default, **roles, **rule.set}, *span, trigger)
    if rule.also:
        second = {role: found[source] for role, source in rule.also.items() if source in found}
        yield Finding(rule, sentence, {**rule.default, **second, **rule.set}, *span, trigger)


def _collapsed(rule: Rule, match: re.Match[str], found: Mapping[str, Filler], sentence: Sentence) -> Mention | None:
    """The phrase as one mention; None where the match is no phrase (one mention; a chain that doesn't rise)."""
    inside = sentence.between(match.start(), match.end())
    role = rule.collapse or ""
    filler = found.get(role)
    several = filler if isinstance(filler, list) else None
    chain = several if rule.when.roles.get(role, "").endswith(">") else None
    head = several[0] if several else filler
    if len(inside) < 2 or not isinstance(head, Mention):
        return None
    if chain and not rising(chain):
        return None
    end = inside[-1].end
    if rule.relation in BRACKETED and match.group()[-1] == ")":  # "Badan Contoh (BC)" is one name
        end = max(end, sentence.stop(match.end()))
    new = Mention(inside[0].start, end, head.type, head.letters, head.value, head.level, head=head)
    new.inside = inside
    new.rule = rule.id
    new.generic, new.common = head.generic, head.common
    new.linked = dict(head.linked)
    for name, value in found.items():
        if name != role and isinstance(value, Mention | list):
            new.linked.setdefault(name, value)
    if chain:
        new.linked["chain"] = chain
    return new


def rising(chain: Sequence[Mention]) -> bool:
    """Whether each place is of a higher level than the one before: a chain, not a list."""
    levels: list[float] = []
    for mention in chain:  # of a place that nobody knows the level is open
        unknown = mention.core.type == "place" and not mention.core.level and levels
        levels.append(levels[-1] + 0.5 if unknown else mention.core.level)
    return all(low < high or low == high == 0 for low, high in pairwise(levels))


def relate(ordered: Iterable[Sentence], book: RuleBook) -> list[Finding]:
    """What the relation rules find in the sentences."""
    found: list[Finding] = []
    for sentence in ordered:
        mask = sentence.lower
        for rule in book.worth_trying("relation", sentence):
            first = rule.when.regex.search(mask)
            if first is not None:
                found += matches(rule, sentence, first.start())
    return found
