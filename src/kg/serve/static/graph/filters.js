// Which kinds, relations, statuses and times are shown. A tick that is gone hides; what is new is ticked.
import { h, lang } from "../dom.js";

export class Filters {
  constructor(form, places, dates, model, telling, changed) {
    Object.assign(this, { form, places, dates, model, telling, changed });
    form.addEventListener("change", () => this.#read());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => {
      for (const key of Object.keys(places)) model.filters[key].clear();
      this.show();
      this.#read();
    }));
  }

  /** A tick box for each kind, relation and status that was fetched. */
  show() {
    const { model, telling } = this;
    const counts = { kinds: new Map(), relations: new Map(), statuses: new Map() };
    const count = (key, name) => name && counts[key].set(name, (counts[key].get(name) ?? 0) + 1);
    for (const { kind } of model.nodes.values()) count("kinds", kind);
    for (const { relation, status } of model.facts.values()) {
      count("relations", relation);
      count("statuses", status);
    }
    for (const [key, place] of Object.entries(this.places)) {
      const named = (name) => model.names[key].get(name)?.[lang] ?? name;
      const names = [...counts[key].keys()].sort((a, b) => named(a).localeCompare(named(b), lang));
      place.replaceChildren(...names.map((name) => h("label", { class: "tick" },
        h("input", { type: "checkbox", "data-key": key, value: name, checked: !model.filters[key].has(name) }),
        key === "kinds" && telling.outline(name), ` ${named(name)} `, h("span", { class: "soft small" }, String(counts[key].get(name))))));
      place.parentElement.hidden = !names.length;
    }
  }

  #read() {
    const { filters } = this.model;
    for (const tick of this.form.querySelectorAll("input[type=checkbox]")) {
      filters[tick.dataset.key][tick.checked ? "delete" : "add"](tick.value);
    }
    [filters.since, filters.until] = this.dates.map((field) => field.value);
    this.changed();
  }
}
