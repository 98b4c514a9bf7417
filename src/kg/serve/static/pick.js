// Fields in which one thing of the graph is chosen by its name: ARIA comboboxes whose value is an id (`data-value`).
// A `change` event tells that something was chosen or the choice is gone.
import { ask, h } from "./dom.js";

const WAIT = 120; // ms after the last key

/** What a name may mean: [{id, name, about}]. */
export async function suggestions(text, signal) {
  const { results } = await ask(`/api/search?limit=8&q=${encodeURIComponent(text)}`, { signal });
  return results.map((each) => ({ ...each, id: each.id ?? each.page.replace(/^.*\/page\//, "") }));
}

/** Make a field a combobox; gives {get, set, clear}. `best()` takes the first suggestion of what was typed. */
export function pick(box) {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const status = box.querySelector("[data-status]");
  let found = [];
  let active = -1;
  let timer = 0;
  let asked;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const set = (id, name) => {
    input.dataset.value = id;
    input.value = name;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const mark = (at) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const option = list.children[at];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = () => {
    list.replaceChildren(...found.map((each, at) => h("span", {
      class: "option", role: "option", id: `${list.id}-${at}`, "aria-selected": "false",
      onclick: () => set(each.id, each.name),
    }, h("span", {}, each.name), " ", h("span", { class: "about" }, each.about ?? ""))));
    active = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? box.dataset.count.replace("{count}", found.length) : box.dataset.none;
  };

  const suggest = async () => {
    asked?.abort();
    const text = input.value.trim();
    if (!text) return close();
    asked = new AbortController();
    try {
      found = await suggestions(text, asked.signal);
      if (document.activeElement === input) show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    delete input.dataset.value;
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) suggest();
      else mark(active < 0 && step < 0 ? found.length - 1 : (active + step + found.length) % found.length);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      set(found[active].id, found[active].name);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    close();
  });

  return {
    input,
    set,
    clear: () => set("", ""),
    /** The id that was chosen, else that of the first suggestion for what stands there, else "". */
    async best() {
      if (input.dataset.value || !input.value.trim()) return input.dataset.value ?? "";
      clearTimeout(timer);
      asked?.abort();
      const [first] = await suggestions(input.value.trim());
      if (first) set(first.id, first.name);
      return first?.id ?? "";
    },
  };
}
