// What the editor completes: keywords, variables of the query, prefixes, and the terms of the ontology with what they mean.
import { lang } from "../dom.js";

const KEYWORDS = `SELECT DISTINCT REDUCED WHERE CONSTRUCT ASK DESCRIBE FROM NAMED PREFIX BASE OPTIONAL UNION MINUS GRAPH
FILTER EXISTS NOT BIND AS VALUES UNDEF GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM AVG MIN MAX SAMPLE
GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI COALESCE IF IN REGEX REPLACE CONTAINS STRSTARTS STRENDS
STRBEFORE STRAFTER SUBSTR STRLEN UCASE LCASE CONCAT YEAR MONTH DAY NOW ABS ROUND CEIL FLOOR isIRI isLITERAL
sameTerm`.split(/\s+/).map((label) => ({ label, type: "keyword", boost: -1 }));

/** A source of completions; `terms` is a promise of what /api/terms tells. */
export function completions(terms) {
  return async (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return { from: variable.from, options: variables(context), validFor: /^[?$]\w*$/ };
    const prefixed = context.matchBefore(/[A-Za-z][\w-]*:[\w-]*/);
    const { prefixes, terms: all } = await terms;
    if (prefixed) return { from: prefixed.from, options: all.map(option), validFor: /^[\w:-]*$/ };
    const word = context.matchBefore(/[A-Za-z_]\w*/);
    if (!word && !context.explicit) return null;
    const names = Object.entries(prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, type: "namespace" }));
    return { from: word?.from ?? context.pos, options: [...KEYWORDS, ...names, ...all.map(option)], validFor: /^[\w:-]*$/ };
  };
}

/** A term, found by its name and by what people call it. */
function option(term) {
  return {
    label: term.name,
    detail: term[lang] || undefined,
    info: term[`note-${lang}`] || undefined,
    type: term.kind,
  };
}

function variables({ state, pos }) {
  const text = state.sliceDoc(0, pos) + " " + state.sliceDoc(pos);
  const before = /[?$]\w*$/.exec(state.sliceDoc(0, pos))?.[0];
  return [...new Set(text.match(/[?$]\w+/g) ?? [])].filter((name) => name !== before).map((label) => ({ label, type: "variable" }));
}
