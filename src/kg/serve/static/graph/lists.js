// The same as the picture, as two tables: things, and facts. Long ones are shown in steps.
import { fill, h, lang } from "../dom.js";

const STEP = 100; // rows

export class Lists {
  #counts = { things: STEP, facts: STEP };

  /** `act` has choose(node), chooseLine(key), expand(node). */
  constructor(things, facts, telling, model, act) {
    Object.assign(this, { things, facts, telling, model, act });
  }

  show({ nodes, facts, lines }, selected) {
    this.shown = { nodes, facts, lines };
    this.selected = selected;
    this.#things();
    this.#facts();
  }

  select(selected) {
    this.selected = selected;
    for (const button of this.things.querySelectorAll("button[data-node]")) {
      button.setAttribute("aria-pressed", String(button.dataset.node === selected?.node));
    }
    for (const button of this.facts.querySelectorAll("button[data-line]")) {
      button.setAttribute("aria-pressed", String(button.dataset.line === selected?.line));
    }
  }

  #things() {
    const { telling, model, act, selected } = this;
    const { words } = telling;
    const links = new Map();
    for (const { source, target } of this.shown.lines.values()) {
      links.set(source, (links.get(source) ?? 0) + 1);
      links.set(target, (links.get(target) ?? 0) + 1);
    }
    const ordered = [...this.shown.nodes.keys()].sort((a, b) =>
      (links.get(b) ?? 0) - (links.get(a) ?? 0) || telling.name(a).localeCompare(telling.name(b), lang));
    const row = (id) => h("tr", {},
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", "data-node": id, "aria-pressed": String(selected?.node === id), onclick: () => act.choose(id) }, telling.name(id))),
      h("td", {}, telling.outline(model.nodes.get(id).kind), " ", telling.kind(id)),
      h("td", { class: "number" }, String(links.get(id) ?? 0)),
      h("td", {}, h("button", { type: "button", class: "small", "aria-label": `${words.expand}: ${telling.name(id)}`, onclick: () => act.expand(id) }, words.expand)));
    this.#table(this.things, "things", [words.column_name, words.column_kind, words.column_links, words.column_action], ordered, row);
  }

  #facts() {
    const { telling, act, selected } = this;
    const { words } = telling;
    const keys = new Map([...this.shown.lines.values()].flatMap((line) => line.facts.map((fact) => [fact.id, line.key])));
    const ordered = [...this.shown.facts].sort((a, b) =>
      telling.name(a.source).localeCompare(telling.name(b.source), lang) || a.relation.localeCompare(b.relation)
      || telling.name(a.target).localeCompare(telling.name(b.target), lang));
    const row = (fact) => h("tr", {},
      h("th", { scope: "row" }, telling.name(fact.source)),
      h("td", {}, h("button", { type: "button", class: "link", "data-line": keys.get(fact.id), "aria-pressed": String(selected?.line === keys.get(fact.id)), onclick: () => act.chooseLine(keys.get(fact.id)) }, telling.relation(fact))),
      h("td", {}, telling.name(fact.target)),
      h("td", {}, fact.status ? telling.status(fact.status) : ""),
      h("td", {}, fact.said.length
        ? [telling.article(fact.said[0].article, fact.said[0].places), fact.told > 1 ? ` + ${fact.told - 1}` : ""]
        : words.no_article));
    this.#table(this.facts, "facts", [words.column_name, words.column_relation, words.column_other, words.column_status, words.column_article], ordered, row);
  }

  #table(place, name, columns, items, row) {
    const { words } = this.telling;
    const count = Math.min(this.#counts[name], items.length);
    const body = h("tbody", {}, items.slice(0, count).map(row));
    const rest = items.length - count;
    const more = () => {
      this.#counts[name] += STEP;
      this.show(this.shown, this.selected);
      place.querySelector(`tbody tr:nth-child(${count + 1}) button`)?.focus();
    };
    place.replaceChildren(
      h("table", {}, h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))), body),
      h("p", { class: "small soft" }, fill(words.list_count, { shown: count, all: items.length }), " ",
        rest > 0 && h("button", { type: "button", onclick: more }, fill(words.list_more, { count: Math.min(STEP, rest) }))));
  }
}
