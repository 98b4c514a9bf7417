// Search fields become ARIA comboboxes (APG: editable, list autocomplete, manual selection): suggestions while one types.
// Without this file they are plain fields of a form.

const WAIT = 120; // ms after the last key, so that a quick typist asks once
const root = document.body.dataset.root;

function combobox(box) {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const status = box.querySelector("[data-status]");
  let options = [];
  let active = -1;
  let timer = 0;
  let asked = null;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    options[active]?.setAttribute("aria-selected", "false");
    active = at;
    const option = options[at];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    list.replaceChildren();
    options = found.map((each, at) => {
      const option = document.createElement("a");
      option.className = "option";
      option.id = `${list.id}-${at}`;
      option.href = each.page;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = each.name;
      const about = document.createElement("span");
      about.className = "about";
      about.textContent = each.about;
      option.append(name, " ", about);
      list.append(option);
      return option;
    });
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    status.textContent = options.length ? box.dataset.count.replace("{count}", options.length) : box.dataset.none;
  }

  async function suggest() {
    asked?.abort();
    const text = input.value.trim();
    if (!text) {
      status.textContent = "";
      return close();
    }
    asked = new AbortController();
    try {
      const answer = await fetch(`${root}/api/search?limit=8&q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") close(); // the form still works
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return suggest();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      options[active].click();
    } else if (event.key === "Escape" && open) {
      event.preventDefault(); // the text stays; a second Escape empties the field
      close();
    } else if (event.key === "Tab") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    close();
  });
}

document.querySelectorAll("[data-combobox]").forEach(combobox);
