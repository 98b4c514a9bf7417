// What is shown: things, the facts between them, what was expanded, and which of it passes the filters.

/** The part of the graph that was fetched so far, and the filters on it. */
export class Model {
  nodes = new Map(); // id -> {id, kind, labels, date, page}
  facts = new Map(); // id -> {id, source, target, relation, detail, status, fact, told, voices, said}
  articles = new Map(); // id -> {title, date, page}
  names = { kinds: new Map(), relations: new Map(), statuses: new Map() }; // what people call them, in two languages
  more = new Map(); // id -> how many neighbours were left out
  expanded = new Set();
  hidden = new Set();
  filters = { kinds: new Set(), relations: new Set(), statuses: new Set(), since: "", until: "" }; // kinds … not wanted

  constructor(most) {
    this.most = most;
  }

  /** Take in an answer of /api/near or /api/path; gives the ids of the things that are new. */
  add(part) {
    const fresh = [];
    for (const node of part.nodes) {
      this.hidden.delete(node.id);
      if (this.nodes.has(node.id)) continue;
      if (this.nodes.size >= this.most) break;
      this.nodes.set(node.id, node);
      fresh.push(node.id);
    }
    for (const fact of part.edges) {
      if (this.nodes.has(fact.source) && this.nodes.has(fact.target)) this.facts.set(fact.id, fact);
    }
    for (const [id, article] of Object.entries(part.articles)) this.articles.set(id, article);
    for (const key of Object.keys(this.names)) {
      for (const [name, words] of Object.entries(part[key] ?? {})) this.names[key].set(name, words);
    }
    return fresh;
  }

  clear() {
    for (const each of [this.nodes, this.facts, this.articles, this.more, this.expanded, this.hidden]) each.clear();
  }

  /** The things and facts that pass: {nodes: Map, facts: [], lines: Map}. What was expanded always passes. */
  shown() {
    const nodes = new Map();
    for (const [id, node] of this.nodes) {
      if (!this.hidden.has(id) && (this.expanded.has(id) || !this.filters.kinds.has(node.kind))) nodes.set(id, node);
    }
    const facts = [...this.facts.values()].filter(
      (fact) => nodes.has(fact.source) && nodes.has(fact.target) && this.passes(fact));
    const linked = new Set([...this.expanded, ...facts.flatMap((fact) => [fact.source, fact.target])]);
    for (const id of nodes.keys()) if (!linked.has(id)) nodes.delete(id);
    return { nodes, facts, lines: lines(facts) };
  }

  passes(fact) {
    const { relations, statuses, since, until } = this.filters;
    if (relations.has(fact.relation) || statuses.has(fact.status)) return false;
    return !fact.said.length || fact.said.some(({ date }) =>
      !date || ((!since || since <= date) && (!until || date <= until)));
  }

  isFiltered() {
    const { kinds, relations, statuses, since, until } = this.filters;
    return Boolean(kinds.size || relations.size || statuses.size || since || until);
  }
}

/** Facts between the same two things are one line: key -> {key, source, target, facts, isTwoWay}. */
function lines(facts) {
  const found = new Map();
  for (const fact of facts) {
    const key = fact.source < fact.target ? `${fact.source} ${fact.target}` : `${fact.target} ${fact.source}`;
    const line = found.get(key);
    if (!line) found.set(key, { key, source: fact.source, target: fact.target, facts: [fact], isTwoWay: false });
    else {
      line.facts.push(fact);
      line.isTwoWay ||= fact.source !== line.source;
    }
  }
  return found;
}
