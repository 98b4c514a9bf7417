// Fields that suggest things while one types: ARIA comboboxes (APG: editable, list autocomplete, manual selection).
// Two kinds: one whose options are links, for searching, and one that chooses a thing, whose value is an id.
import { ask, h } from "./dom.js";

const WAIT = 120; // ms after the last key, so that a quick typist asks once

/** What a name may mean: [{id, name, about, page}]. */
export async function suggestions(text, signal) {
  const { results } = await ask(`/api/search?limit=8&q=${encodeURIComponent(text)}`, { signal });
  return results;
}

/** Make a field a combobox. `option(each)` gives [element, attributes] of a suggestion; a click on it chooses it. */
function combobox(box, option, onTyping = () => {}) {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const status = box.querySelector("[data-status]");
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

  const stop = () => {
    clearTimeout(timer);
    asked?.abort();
  };

  /** Whether the list is still that of what the field had before: ARIA's word for it. */
  const busy = (is) => list.setAttribute("aria-busy", String(is));

  const mark = (at) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const marked = list.children[at];
    if (!marked) return input.removeAttribute("aria-activedescendant");
    marked.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", marked.id);
    marked.scrollIntoView({ block: "nearest" });
  };

  const show = (found) => {
    list.replaceChildren(...found.map((each, at) => {
      const [element, attributes] = option(each);
      return h(element, {
        class: "option", role: "option", id: `${list.id}-${at}`, "aria-selected": "false", ...attributes,
      }, h("span", {}, each.name), " ", h("span", { class: "about" }, each.about));
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? box.dataset.count.replace("{count}", found.length) : box.dataset.none;
  };

  const suggest = async () => {
    stop();
    const text = input.value.trim();
    if (!text) {
      status.textContent = "";
      busy(false);
      return close();
    }
    busy(true);
    asked = new AbortController();
    try {
      const found = await suggestions(text, asked.signal);
      if (document.activeElement === input) show(found);
    } catch (error) {
      if (error.name === "AbortError") return; // another one is asked, or nobody waits
      close(); // a form still works
    }
    busy(false);
  };

  input.addEventListener("input", () => {
    onTyping();
    busy(true);
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    const { length } = list.children;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) suggest();
      else mark(active < 0 && step < 0 ? length - 1 : (active + step + length) % length);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      list.children[active].click();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // the text stays; a second Escape empties a search field
      close();
    } else if (event.key === "Tab") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    close();
  });
  return { input, close, stop };
}

/** A search field whose suggestions are links to pages. */
export function search(box) {
  combobox(box, (each) => ["a", { href: each.page, tabindex: "-1" }]);
}

/**
 * A field that chooses a thing: its id is the `data-value`, and `change` tells that it was chosen or is gone. Gives
 * {input, set, clear, best}.
 */
export function pick(box) {
  const { input, close, stop } = combobox(
    box, (each) => ["span", { onclick: () => set(each.id, each.name) }], () => delete input.dataset.value,
  );

  function set(id, name) {
    input.dataset.value = id;
    input.value = name;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  return {
    input,
    set,
    clear: () => set("", ""),
    /** The id that was chosen, else that of the first suggestion for what stands there, else "". */
    async best() {
      if (input.dataset.value || !input.value.trim()) return input.dataset.value ?? "";
      stop();
      const [first] = await suggestions(input.value.trim());
      if (first) set(first.id, first.name);
      return first?.id ?? "";
    },
  };
}
