// What is known of the thing or the line that was chosen, with the words of the news.
import { fill, h, root } from "../dom.js";

const STEP = 40; // facts that are told at once

export class Panel {
  /** `act` has choose(node), expand(node, count), hide(node), startPath(node), close(). */
  constructor(section, title, body, telling, model, act) {
    Object.assign(this, { section, title, body, telling, model, act, empty: [...body.childNodes], head: title.textContent });
  }

  nothing() {
    this.section.classList.remove("is-open");
    this.title.textContent = this.head;
    this.body.replaceChildren(...this.empty);
  }

  node(id, facts) {
    const { telling, words = telling.words } = this;
    const node = this.model.nodes.get(id);
    this.#open(h("span", {}, telling.outline(node.kind, 18), " ", telling.name(id)),
      h("p", { class: "soft" }, telling.kind(id), node.date ? ` · ${node.date}` : ""),
      h("div", { class: "panel-acts" },
        h("button", { type: "button", class: "primary", onclick: () => this.act.expand(id) }, words.expand),
        h("button", { type: "button", onclick: () => this.act.startPath(id) }, words.path_start),
        h("button", { type: "button", onclick: () => this.act.hide(id) }, words.hide),
        node.page && h("a", { class: "button", href: root + node.page }, words.open)),
      this.#more(id),
      this.#facts(facts, id));
  }

  line({ source, target, facts }) {
    const { telling } = this;
    this.#open(fill(telling.words.facts_between, { a: telling.name(source), b: telling.name(target) }),
      this.#facts(facts, null));
  }

  #facts(facts, here) {
    const list = h("ul", { class: "plain facts" });
    const more = h("button", { type: "button" });
    const show = () => {
      const from = list.childElementCount;
      list.append(...facts.slice(from, from + STEP).map((fact) => this.#fact(fact, here)));
      const rest = facts.length - list.childElementCount;
      more.hidden = rest <= 0;
      more.textContent = fill(this.telling.words.list_more, { count: Math.min(STEP, rest) });
      if (from) list.children[from].querySelector("button, a")?.focus();
    };
    more.addEventListener("click", show);
    show();
    return [list, more];
  }

  #open(title, ...content) {
    const close = h("button", { type: "button", class: "panel-close", "aria-label": this.telling.words.close, onclick: () => this.act.close() }, "×");
    this.section.classList.add("is-open");
    this.title.replaceChildren(title);
    this.body.replaceChildren(...[close, ...content.flat()].filter(Boolean));
    this.section.scrollTop = 0;
  }

  #more(id) {
    const left = this.model.more.get(id);
    if (!left) return null;
    const { words } = this.telling;
    return h("p", { class: "note small" }, fill(words.more, { name: this.telling.name(id), count: left }), " ",
      h("button", { type: "button", onclick: () => this.act.expand(id, 100) }, fill(words.more_button, { count: Math.min(100, left) })));
  }

  #fact(fact, here) {
    const other = (id) => (id === here
      ? h("span", {}, this.telling.name(id))
      : h("button", { type: "button", class: "link", onclick: () => this.act.choose(id) }, this.telling.name(id)));
    return h("li", {}, h("p", { class: "fact" }, other(fact.source), " ", h("em", {}, this.telling.relation(fact)), " ", other(fact.target)),
      this.telling.said(fact));
  }
}
