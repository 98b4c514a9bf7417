"""The messages for a language model, in the language of the article: the words of ``data/propose``, with the list of
relations that is made of what is declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from kg import resources
from kg.errors import DataError
from kg.lexicon import FIRST_LANGUAGE, read_toml
from kg.propose.declared import Declarations, Declared, Role

FOLDER: Final = "data/propose"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said before the text (``system``) and with it (``user``, where ``{text}`` stands for it)."""

    system: str
    user: str

    def messages(self, text: str) -> list[dict[str, str]]:
        """The messages that ask for the claims of a text."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user.replace("{text}", text)},
        ]


@cache
def load(language: str) -> Mapping[str, Any]:
    """The words of a language, those of the first one where there are none. Raises DataError."""
    path = resources.path(FOLDER) / f"{language}.toml"
    if not path.is_file():
        path = resources.path(f"{FOLDER}/{FIRST_LANGUAGE}.toml")
    words = read_toml(path)
    prompt = words.get("prompt", {})
    for key, placeholder in (("system", "{relations}"), ("user", "{text}")):
        if placeholder not in prompt.get(key, ""):
            raise DataError(f"{path}: {key} of [prompt] has no {placeholder}")
    return {"language": path.stem, **words}


def of(language: str, declarations: Declarations) -> Prompt:
    """The prompt for articles of a language."""
    words = load(language)
    listed = _Listed(words, declarations)
    relations = "\n".join([*map(listed.relation, declarations.relations), "", *listed.kinds()])
    prompt = words["prompt"]
    return Prompt(prompt["system"].strip().replace("{relations}", relations), prompt["user"].strip())


class _Listed:
    """Relations, their arguments and the kinds of things, a line each."""

    def __init__(self, words: Mapping[str, Any], declarations: Declarations) -> None:
        self._words, self._all = words, declarations
        self._language = words["language"]

    def relation(self, declared: Declared) -> str:
        roles = "; ".join(self._role(role) for role in declared.roles if role.asked)
        return f"- {declared.relation}: {declared.says.get(self._language, '')}. {roles}"

    def _role(self, role: Role) -> str:
        said = role.says.get(self._language) or self._words["value"].get(role.value, "")
        kinds = "|".join(role.kinds) if len(role.kinds) > 1 else "" if said else self._label(role.kinds)
        concepts = "|".join(role.concepts)
        parts = [said, kinds, concepts, self._words["optional"] if role.optional else ""]
        return f"{role.name} ({', '.join(part for part in parts if part)})"

    def _label(self, kinds: Sequence[str]) -> str:
        return ", ".join(self._all.labels.get(kind, {}).get(self._language, kind) for kind in kinds)

    def kinds(self) -> list[str]:
        """The kinds and concepts that are named above, with what they are called."""
        named = [
            name
            for declared in self._all.relations
            for role in declared.roles
            for name in ([*role.kinds] if len(role.kinds) > 1 else [*role.concepts])
        ]
        labels = ((name, self._all.labels.get(name, {}).get(self._language)) for name in dict.fromkeys(named))
        listed = "; ".join(f"{name} = {label}" for name, label in labels if label)
        return [f"{listed}."] if listed else []
