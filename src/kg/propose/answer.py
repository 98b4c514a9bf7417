"""What a model answered, taken apart: claims that follow the schema, and why the others don't count."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

from kg.errors import ServiceError
from kg.propose import schema
from kg.propose.declared import Declarations, Declared

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MOST: Final = 500
"""Claims of one answer; nobody reads more from so much text."""
LONGEST: Final = 2000
"""Code points of the words of one argument."""
CUT_OFF: Final = "the answer was cut off"
NO_JSON: Final = "the answer isn't JSON"
NO_ANSWER: Final = "the answer doesn't follow the schema"
UNKNOWN: Final = "names an unknown relation"
NO_CLAIM: Final = "doesn't follow the schema"
NO_TEXT: Final = "gives words that are no text"
TOO_MANY: Final = "one of too many"
Given = tuple[Declared, Mapping[str, Any]]


class Reader:
    """What takes answers apart. ServiceError where jsonschema isn't installed.

    jsonschema, because it is what the standard is checked against: the schema that a model is asked to follow is the
    one that its answer is held to, word for word.
    """

    def __init__(self, declarations: Declarations) -> None:
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            raise ServiceError("proposals need jsonschema; install it with: pip install 'jejaring[llm]'") from None
        self._known: dict[str, tuple[Declared, Validator]] = {
            declared.relation.value: (declared, Draft202012Validator(schema.of_claim(declared)))
            for declared in declarations.relations
        }

    def read(self, content: str, finish: str) -> tuple[list[Given], Counter[str]]:
        """The claims of an answer as they were given, and how many were refused for which reason.

        An answer that was cut off, or is no JSON object with a list of claims, is refused as a whole, and nothing is
        repaired.
        """
        if finish == "length":
            return [], Counter([CUT_OFF])
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            return [], Counter([NO_JSON])
        if not isinstance(answer, dict) or set(answer) != {"claims"} or not isinstance(answer["claims"], list):
            return [], Counter([NO_ANSWER])
        claims: list[Given] = []
        refused: Counter[str] = Counter()
        for item in answer["claims"][:MOST]:
            found = self._claim(item)
            if isinstance(found, str):
                refused[found] += 1
            else:
                claims.append(found)
        if (more := len(answer["claims"]) - MOST) > 0:
            refused[TOO_MANY] = more
        return claims, refused

    def _claim(self, item: Any) -> Given | str:
        name = item.get("relation") if isinstance(item, dict) else None
        if not isinstance(name, str):
            return NO_CLAIM
        if name not in self._known:
            return UNKNOWN
        declared, validator = self._known[name]
        if not validator.is_valid(item):
            return NO_CLAIM
        given = [value["words"] if isinstance(value, dict) else value for value in item.values()]
        return (declared, item) if all(words is None or _is_text(words) for words in given) else NO_TEXT


def _is_text(words: str) -> bool:
    """Whether words can stand in a text: some, not endless, without control characters and halves of characters."""
    if not words.strip() or len(words) > LONGEST:
        return False
    return not any(category(char) in ("Cc", "Cs") and char not in "\n\t" for char in words)
