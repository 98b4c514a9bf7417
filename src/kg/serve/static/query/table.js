// Rows of an answer as a table: sorted by a column, in pages, ids of the graph as links to their pages.
import { fill, h, lang, root } from "../dom.js";

const STEP = 50; // rows of a page
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "nonNegativeInteger", "int", "long"].map((name) => XSD + name));
const order = new Intl.Collator(lang, { numeric: true });

/** The number that a term is; NaN for what is none. A year counts. */
export function number(term) {
  return term?.type !== "uri" && (NUMBERS.has(term?.datatype) || term?.datatype === `${XSD}gYear`) ? Number(term.value) : NaN;
}

/** Whether all values of a column are numbers. */
export function isNumeric(rows, column) {
  const given = rows.map((row) => row[column]).filter(Boolean);
  return given.length > 0 && given.every((term) => !Number.isNaN(number(term)));
}

export class Table {
  #page = 0;
  #sorted = null; // {column, isDown}

  /** `base` is what the graph's ids begin with. */
  constructor(place, { columns, rows }, words, base) {
    Object.assign(this, { place, columns, rows, words, base, ordered: rows });
    this.numeric = new Set(columns.filter((column) => isNumeric(rows, column)));
    this.show();
  }

  show() {
    const { words } = this;
    const pages = Math.max(1, Math.ceil(this.ordered.length / STEP));
    const from = this.#page * STEP;
    const turn = (by) => h("button", { type: "button", disabled: this.#page + by < 0 || this.#page + by >= pages, onclick: () => {
      this.#page += by;
      this.show();
      this.place.querySelector("table").parentElement.focus();
    } }, by < 0 ? words.before : words.after);
    this.place.replaceChildren(
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words.table },
        h("table", {},
          h("thead", {}, h("tr", {}, this.columns.map((column) => this.#heading(column)))),
          h("tbody", {}, this.ordered.slice(from, from + STEP).map((row) => h("tr", {}, this.columns.map((column) =>
            h("td", { class: this.numeric.has(column) && "number" }, this.#cell(row[column])))))))),
      pages > 1 && h("p", { class: "query-pages" }, turn(-1), ` ${fill(words.page, { page: this.#page + 1, pages })} `, turn(1)) || "");
  }

  #heading(column) {
    const isSorted = this.#sorted?.column === column;
    const direction = isSorted ? (this.#sorted.isDown ? "descending" : "ascending") : undefined;
    const sign = isSorted ? (this.#sorted.isDown ? " ↓" : " ↑") : "";
    return h("th", { scope: "col", "aria-sort": direction, class: this.numeric.has(column) && "number" },
      h("button", { type: "button", class: "link", title: fill(this.words.sort, { column }), onclick: () => this.#sort(column) }, column, h("span", { "aria-hidden": "true" }, sign)));
  }

  #sort(column) {
    const isDown = this.#sorted?.column === column && !this.#sorted.isDown;
    this.#sorted = { column, isDown };
    this.#page = 0;
    const isNumber = this.numeric.has(column);
    const compare = (a, b) => (isNumber ? number(a) - number(b) : order.compare(a.value, b.value));
    this.ordered = [...this.rows].sort((left, right) => {
      const [a, b] = [left[column], right[column]];
      if (!a || !b) return Number(!a) - Number(!b); // what is empty comes last
      return isDown ? compare(b, a) : compare(a, b);
    });
    this.show();
    const at = this.columns.indexOf(column) + 1;
    this.place.querySelector(`th:nth-child(${at}) button`).focus();
  }

  #cell(term) {
    if (!term) return "";
    if (term.type === "triple") return JSON.stringify(term.value);
    if (term.type !== "uri") return [term.value, term["xml:lang"] && h("span", { class: "soft small" }, ` ${term["xml:lang"]}`)];
    const id = `${this.base}id/`;
    if (term.value.startsWith(id) && !term.value.includes("#")) {
      const short = term.value.slice(id.length);
      return h("a", { href: `${root}/page/${short}` }, short);
    }
    const address = term.value.startsWith(id) ? `${root}/page/${term.value.slice(id.length)}` : term.value;
    return /^https?:/.test(address) || address.startsWith("/")
      ? h("a", { href: address, rel: "noopener noreferrer" }, shortened(term.value, this.base))
      : term.value;
  }
}

function shortened(iri, base) {
  return iri.startsWith(`${base}id/`) ? iri.slice(base.length + 3) : iri.startsWith(`${base}ontology#`) ? `kg:${iri.slice(base.length + 9)}` : iri;
}
