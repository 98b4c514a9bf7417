"""What another maker's reader of SSSOM, which holds each row against SSSOM's data model, has against a set of ours."""

from __future__ import annotations

import io

from kg.link import sssom


def faults(found: sssom.MappingSet) -> list[str]:
    """One line each: a value that is refused, and whether the rows are read as others than those written."""
    from sssom_pydantic import read

    mappings, _, _, errors = read(io.StringIO(sssom.dump(found)), return_errors=True)
    if errors:
        return [str(error) for error in errors]
    ours = sorted((row["subject_id"], row["object_id"], float(row.get("confidence", -1))) for row in found.rows)
    prefixes = {**sssom.BUILT_IN, **found.metadata.get("curie_map", {})}
    theirs = sorted(
        (
            prefixes[each.subject.prefix] + each.subject.identifier,
            prefixes[each.object.prefix] + each.object.identifier,
            -1.0 if each.confidence is None else each.confidence,
        )
        for each in mappings
    )
    return [] if ours == theirs else [f"{len(theirs)} rows are read as others than the {len(ours)} written"]
