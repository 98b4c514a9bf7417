"""Why a fact is missed or wrong: a name that was not read, a claim that was refused, or a rule that broke off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.evaluate import Evaluation, Scored
from kg.evaluate.closest import EXPECTED, as_written, closest, shorten
from kg.evaluate.match import Fact, differences, labels, same, table, words
from kg.evaluate.spans import named
from kg.explain import typed
from kg.extract import Extraction, extract
from kg.links import links
from kg.model import Argument, Claim, Entity, Label, Relation
from kg.money import Money
from kg.own import Own
from kg.own import load as load_own
from kg.sentences import Sentence

SENTENCES = 3  # of those that name most of a fact's arguments, so many are tried
IMPLIED = {"meeting": 0.5, "network": 0.75}
HIDDEN = frozenset({"article", "rel", "evidence", "rule", "appointment"})


@dataclass(frozen=True, slots=True)
class Miss:
    """A gold fact that was not found (``kind`` missed) or a found one that is in no gold (wrong), and why."""

    kind: str
    article: str
    fact: Fact
    why: tuple[str, ...]


def misses(evaluation: Evaluation, own: Own | None = None) -> Iterator[Miss]:
    """All of them, by article; ``own`` as in the evaluation."""
    for scored in evaluation.articles:
        if scored.pairing.missed or scored.pairing.wrong:
            yield from _Article(scored, own or load_own()).misses()


class _Article:
    def __init__(self, scored: Scored, own: Own) -> None:
        self.scored = scored
        self.text = scored.article.text
        words, self.book = own.of(scored.article.language)
        self.found: Extraction = extract(scored.article, words, self.book)
        self.linked = links(self.found.sentences, self.found.entities, self.found.meetings)

    def misses(self) -> Iterator[Miss]:
        pairing, gold = self.scored.pairing, self.scored.gold
        for i in pairing.missed:
            yield Miss("missed", gold.id, gold.facts[i], tuple(self._missed(gold.facts[i])))
        for j in pairing.wrong:
            yield Miss("wrong", gold.id, _shown(self.scored.found[j]), tuple(self._wrong(self.scored.found[j])))

    # ------------------------------------------------------------------------------------------------- missed

    def _missed(self, fact: Fact) -> Iterator[str]:
        """The reasons, from the plainest to the most likely guess."""
        found = [self.scored.found[j] for j in self.scored.pairing.wrong]
        if (near := _nearest(fact, found)) is not None:
            yield f"found with other arguments: {_compared(fact, near)}; by {near.get('rule', '?')}"
            return
        if (refused := self._refused(fact)) is not None:
            yield refused
            return
        places = self._places(fact)
        unread = [line for name, spots in places.items() if (line := self._unread(name, fact[name], spots))]
        yield from unread
        if fact["rel"] not in set(Relation):
            yield f"no rule yet: the relation {fact['rel']} is none of those that rules may give"
            return
        sentences = self._sentences(places)
        if not sentences:
            yield "no sentence holds its names"
            return
        spots = [spot for each in places.values() for spot in each]
        rules = [rule for rule in self.book.rules if rule.relation == fact["rel"]]
        near_rule = closest(rules, sentences, spots)
        sentence = near_rule.sentence if near_rule is not None else sentences[0]
        yield f"sentence {sentence.number + 1}: {typed(sentence)}"
        if near_rule is None:
            yield "no rule of this relation comes near"
            return
        yield f"closest rule: {near_rule.rule} ({near_rule.file}), {near_rule.share:.0%} of `{near_rule.pattern}`"
        yield near_rule.why

    def _refused(self, fact: Fact) -> str | None:
        for refusal in self.scored.reading.refused:
            claim = refusal.claim
            if str(claim.relation) == fact["rel"] and not _claim_differs(fact, claim):
                message = next((m.text for m in refusal.messages if m.language == "en"), refusal.shape)
                return f"found by {claim.rule}, but refused by the shape {refusal.shape.rpartition('#')[2]}: {message}"
        return None

    def _places(self, fact: Fact) -> dict[str, list[tuple[int, int]]]:
        """Where the text prints the arguments that it can print."""
        given = {name: list(names) for name, names in named(fact).items()}
        if "starts" in fact:
            given["starts"] = [str(label) for label in labels(fact["starts"])]
        places = {name: _printed(self.text, names) for name, names in given.items()}
        nested = [m for sentence in self.found.sentences for m in self.found.entities.nested(sentence)]
        if "amount" in fact:
            sums = [(mention.span, mention.value) for mention in nested if isinstance(mention.value, Money)]
            places["amount"] = [span for span, money in sums if same("amount", fact["amount"], float(money.amount))]
        if "date" in fact:
            day = _first(fact["date"]).rpartition("-")[2].lstrip("0")
            dates = [mention.span for mention in nested if mention.type == "date"]
            places["date"] = [span for span in dates if day in words(self.text[slice(*span)])]
        return places

    def _unread(self, argument: str, value: object, spots: Sequence[tuple[int, int]]) -> str | None:
        """What is wrong with an argument by itself; None where a mention has its name."""
        shown = str(labels(value)[0])
        if argument == "date":
            return None
        if argument == "amount":
            return None if spots else f"amount {shown}: no amount of money was read so"
        wanted = {words(str(label)) for label in labels(value)}
        if argument in ("focus", "purpose", "subject", "starts") or any(
            words(link.name) in wanted for link in self.linked
        ):
            return None
        if not spots:
            return f'{argument} "{shown}": the text doesn\'t print it so, and no mention has that name'
        start, end = spots[0]
        over = [link for link in self.linked if link.start < end and start < link.end]
        if not over:
            return f'{argument} "{shown}": not read as a name; printed at {start}'
        read = ", ".join(f"[{link.type} {link.name}]" for link in over[:3])
        return f'{argument} "{shown}": no mention has just that name; at {start} there is {read}'

    def _sentences(self, places: Mapping[str, Sequence[tuple[int, int]]]) -> list[Sentence]:
        """Those that hold most of the arguments; a meeting may be named elsewhere, so it counts less."""
        counts = [
            (
                sum(
                    IMPLIED.get(name, 1.0)
                    for name, spots in places.items()
                    if any(sentence.start <= start < sentence.end for start, _ in spots)
                ),
                sentence,
            )
            for sentence in self.found.sentences
        ]
        most = max((count for count, _ in counts), default=0)
        return [sentence for count, sentence in counts if most and count == most][:SENTENCES]

    # -------------------------------------------------------------------------------------------------- wrong

    def _wrong(self, fact: Fact) -> Iterator[str]:
        """The rule, the sentence, and the gold fact that it nearly is."""
        evidence = fact.get("evidence")
        spans = evidence if isinstance(evidence, list) else []
        rule = next((rule for rule in self.book.rules if rule.id == fact.get("rule")), None)
        pattern = f" ({rule.file}): `{shorten(as_written(rule.when.written), EXPECTED)}`" if rule else ""
        yield f"by {fact.get('rule', '?')}{pattern}"
        starts = [claim.trigger.start for claim in self.found.claims if _made(fact, claim, spans)]
        start = next(iter([*starts, *(span["start"] for span in reversed(spans))]), -1)
        sentence = next((s for s in reversed(self.found.sentences) if s.start <= start < s.end), None)
        if sentence is not None:
            yield f"sentence {sentence.number + 1}: {typed(sentence)}"
        gold = [self.scored.gold.facts[i] for i in self.scored.pairing.missed]
        every = [each for each in gold if each["rel"] == fact["rel"]]
        best = min(every, key=lambda each: len(differences(each, fact)), default=None)
        if best is not None and _nearest(best, [fact]) is not None:
            yield f"nearly the gold fact: {_compared(best, fact)}"


def _made(fact: Fact, claim: Claim, spans: Sequence[Mapping[str, int]]) -> bool:
    trigger = {"start": claim.trigger.start, "end": claim.trigger.end}
    return claim.rule == fact.get("rule") and trigger in spans


def _nearest(fact: Fact, found: Iterable[Fact]) -> Fact | None:
    """The found fact that agrees in all arguments but one."""
    compared = len(table().needed[str(fact["rel"])])
    near = [each for each in found if each["rel"] == fact["rel"] and len(differences(fact, each)) == 1]
    return near[0] if near and compared > 1 else None


def _compared(gold: Fact, found: Fact) -> str:
    """Where two facts differ."""
    return "; ".join(
        f"{name} should be {_first(gold[name])!r}, is {_first(found.get(name, 'missing'))!r}"
        for name in differences(gold, found)
    )


def _first(value: object) -> str:
    return str(labels(value)[0])


def _claim_differs(fact: Fact, claim: Claim) -> bool:
    """Whether a claim disagrees with a fact in an argument that both have by the same name."""
    shared = [name for name in fact if name != "rel" and claim.get(name) is not None]
    return not shared or any(not same(name, fact[name], _names(claim[name])) for name in shared)


def _names(argument: Argument) -> list[str]:
    value = argument.value
    if isinstance(value, Entity):
        linked = value.link("territory")
        own = [value.label.text, *(alias.text for alias in value.aliases)]
        return own + ([linked.label.text, *(alias.text for alias in linked.aliases)] if linked is not None else [])
    return [value.text if isinstance(value, Label) else str(value)]


def _printed(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where the text has one of the names, the first that it has anywhere."""
    for name in names:
        found, at = [], text.find(name)
        while name and at >= 0:
            found.append((at, at + len(name)))
            at = text.find(name, at + len(name))
        if found:
            return found
    return []


def _shown(fact: Fact) -> Fact:
    return {name: value for name, value in fact.items() if name not in ("evidence", "appointment")}


# ----------------------------------------------------------------------------------------------------- writing


def as_text(found: Iterable[Miss]) -> str:
    """One paragraph each."""
    return "\n".join(
        "\n".join([f"{miss.kind} {miss.article}  {_line(miss.fact)}", *(f"    {line}" for line in miss.why), ""])
        for miss in found
    )


def slips(evaluation: Evaluation) -> str:
    """One line for each labelled name that isn't read or is linked otherwise."""
    return "".join(f"{line}\n" for one in evaluation.articles if one.linking for line in one.linking.slips)


def _line(fact: Fact) -> str:
    arguments = (f"{name} {_first(value)}" for name, value in fact.items() if name not in HIDDEN)
    return f"{fact['rel']}: {' | '.join(arguments)}"


def as_json(found: Iterable[Miss]) -> list[dict[str, object]]:
    """The same as plain values."""
    return [
        {"kind": miss.kind, "article": miss.article, "fact": json.loads(json.dumps(miss.fact)), "why": list(miss.why)}
        for miss in found
    ]
