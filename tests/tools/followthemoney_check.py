"""What FollowTheMoney has against entities: a line of JSON (entities by id) in, a line of JSON (a list of faults) out.

Run by the Python of the environment that has it; it never stands beside ours.
"""

import json
import sys

from followthemoney import model
from followthemoney.exc import InvalidData
from followthemoney.types import registry


def faults(entities):
    """Schema, ids, properties, values, and the ends of every edge."""
    for entity in entities.values():
        if registry.entity.clean(entity["id"]) != entity["id"]:
            yield f"{entity['id']}: no id"
        schema = model.get(entity["schema"])
        try:
            schema.validate(entity)
        except InvalidData as error:
            yield from (f"{entity['id']}: {name} {text}" for name, text in error.errors["properties"].items())
        unknown = set(entity["properties"]) - set(schema.properties)
        yield from (f"{entity['id']}: no property {name}" for name in sorted(unknown))
        missing = [name for name in schema.required if name not in entity["properties"]]
        yield from (f"{entity['id']}: {name} is missing" for name in missing)
        yield from values(entity, unknown, entities)


def values(entity, unknown, entities):
    """Values that it cleans away or changes, and ends that aren't there or of another kind."""
    taken = model.get_proxy(entity, cleaned=False)
    for name, given in entity["properties"].items():
        if name not in unknown and sorted(taken.get(name)) != sorted(given):
            yield f"{entity['id']}: {name} {given} is read as {taken.get(name)}"
    for prop, value in taken.itervalues():
        if prop.type.name == "entity" and (
            value not in entities or not model.get(entities[value]["schema"]).is_a(prop.range)
        ):
            yield f"{entity['id']}: {prop.name} {value} is no {prop.range.name}"


for line in sys.stdin:
    sys.stdout.write(json.dumps(list(faults(json.loads(line)))) + "\n")
    sys.stdout.flush()
