"""The JSON Schema of an answer, made of what is declared. Plain enough for the grammars of local servers.

No ``$ref``, no lengths and no patterns: OpenAI's strict form, llama.cpp, Ollama and vLLM all take what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.propose.declared import Declarations, Declared, Role

Schema = Mapping[str, Any]


def of_answer(declarations: Declarations) -> Schema:
    """The schema of a whole answer."""
    claims = [of_claim(declared) for declared in declarations.relations]
    return _object({"claims": {"type": "array", "items": {"anyOf": claims}}})


def of_claim(declared: Declared) -> Schema:
    """The schema of one claim of a relation."""
    asked = {role.name: _role(role) for role in declared.roles if role.asked}
    name = {"type": "string", "enum": [declared.relation.value]}
    return _object({"relation": name, "trigger": {"type": "string"}, **asked})


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _role(role: Role) -> Schema:
    given = _given(role)
    return {"anyOf": [given, {"type": "null"}]} if role.optional else given


def _given(role: Role) -> Schema:
    if role.concepts:
        return {"type": "string", "enum": list(role.concepts)}
    if len(role.kinds) > 1:
        kind = {"type": "string", "enum": [kind.value for kind in role.kinds]}
        return _object({"words": {"type": "string"}, "kind": kind})
    return {"type": "string"}
