// Facts in words: labels of things, relations, details and statuses in the reader's language, and the words of the news.
import { fill, h, lang, root, svg } from "../dom.js";
import { path } from "./outlines.js";

export class Telling {
  constructor(model, words, looks) {
    this.model = model;
    this.words = words;
    this.looks = looks;
    this.byKind = new Map(looks.flatMap((look) => look.kinds.map((kind) => [kind, look])));
  }

  look(kind) {
    return this.byKind.get(kind) ?? this.looks.at(-1);
  }

  name(id) {
    return this.model.nodes.get(id)?.labels[lang] ?? id;
  }

  kind(id) {
    const kind = this.model.nodes.get(id)?.kind;
    return this.model.names.kinds.get(kind)?.[lang] ?? kind ?? "";
  }

  /** A fact's relation with its detail and a status that isn't the usual one. */
  relation(fact) {
    const name = this.model.names.relations.get(fact.relation)?.[lang] ?? fact.relation;
    const extra = [fact.detail?.[lang], fact.status && fact.status !== "current" ? this.status(fact.status) : ""];
    const told = extra.filter(Boolean).join("; ");
    return told ? `${name} (${told})` : name;
  }

  status(status) {
    return this.model.names.statuses.get(status)?.[lang] ?? status;
  }

  line({ facts }) {
    const names = [...new Set(facts.map((fact) => this.model.names.relations.get(fact.relation)?.[lang] ?? fact.relation))];
    return names.length > 2 ? `${names[0]} +${names.length - 1}` : names.join(", ");
  }

  /** The outline of a kind as a small picture beside its name. */
  outline(kind, size = 16) {
    const look = typeof kind === "string" ? this.look(kind) : kind;
    return svg("svg", { viewBox: "0 0 16 16", width: size, height: size, class: "outline", "aria-hidden": "true", focusable: "false" },
      svg("path", { d: path(look.outline, 8, 8, 5.2), class: `look-${this.looks.indexOf(look)}` }));
  }

  /** What the articles say, as quotations with links. */
  said(fact) {
    if (!fact.said.length) return [h("p", { class: "soft small" }, this.words.no_article)];
    const rest = fact.told - fact.said.length;
    return [
      ...fact.said.map(({ article, words, places, date }) => h("figure", { class: "said" },
        h("blockquote", {}, words.join(" … ")),
        h("figcaption", { class: "small soft" }, this.article(article, places), date ? ` · ${date}` : ""))),
      rest > 0 && h("p", { class: "soft small" }, `+ ${fill(this.words.told, { count: rest })}`),
      fact.voices < fact.told && h("p", { class: "soft small" }, fill(this.words.voices, { voices: fact.voices, articles: fact.told })),
    ].filter(Boolean);
  }

  article(id, places = []) {
    const { title, page } = this.model.articles.get(id) ?? { title: id, page: "" };
    const at = places.length ? `#char=${places[0][0]},${Math.max(...places.map(([, end]) => end))}` : "";
    return page ? h("a", { href: `${root}${page}${at}` }, title) : title;
  }
}
