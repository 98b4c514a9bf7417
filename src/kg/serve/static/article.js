// The article beside its facts: pointing at a fact lights up its words, pointing at words lights up their facts.
// Without this file the links between them still lead from one to the other.

const text = document.getElementById("text");
const facts = new Map([...document.querySelectorAll("[data-fact]")].map((fact) => [fact.dataset.fact, fact]));
const words = new Map([...facts.keys()].map((name) => [name, []]));

for (const stretch of text?.querySelectorAll("[data-facts]") ?? []) {
  for (const pair of stretch.dataset.facts.split(" ")) {
    const [name, role] = pair.split(":");
    words.get(name)?.push([stretch, role]);
  }
}

function darken() {
  document.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit", "is-subject", "is-trigger", "is-object", "is-other"));
  document.querySelectorAll(".lit-fact").forEach((fact) => fact.classList.remove("lit-fact"));
}

// In its own pane only, so that the page with the fact under the pointer stays where it is.
function reveal(pane, element) {
  const inside = element.getBoundingClientRect();
  const around = pane.getBoundingClientRect();
  if (pane.scrollHeight > pane.clientHeight && (inside.top < around.top || inside.bottom > around.bottom)) {
    pane.scrollTop += inside.top - around.top - pane.clientHeight / 3;
  }
}

function light(name, follow) {
  darken();
  facts.get(name).classList.add("lit-fact");
  const found = words.get(name);
  found.forEach(([stretch, role]) => stretch.classList.add("lit", `is-${role}`));
  if (follow && found.length) reveal(text, found[0][0]);
}

function lightFacts(stretch) {
  darken();
  const names = new Set(stretch.dataset.facts.split(" ").map((pair) => pair.split(":")[0]));
  names.forEach((name) => facts.get(name)?.classList.add("lit-fact"));
  const [first] = names;
  words.get(first)?.forEach(([other, role]) => other.classList.add("lit", `is-${role}`));
  const pane = document.querySelector(".facts");
  if (facts.has(first)) reveal(pane, facts.get(first));
}

for (const [name, fact] of facts) {
  fact.addEventListener("pointerenter", () => light(name, true));
  fact.addEventListener("focusin", () => light(name, true));
  fact.querySelector("[data-show]")?.addEventListener("click", (event) => {
    event.preventDefault();
    light(name, true);
    words.get(name)[0]?.[0].focus({ preventScroll: false });
    light(name, false); // focusing the words would show all facts that they belong to
  });
}
text?.addEventListener("pointerover", (event) => {
  const stretch = event.target.closest("[data-facts]");
  if (stretch) lightFacts(stretch);
});
text?.addEventListener("focusin", (event) => {
  const stretch = event.target.closest("[data-facts]");
  if (stretch) lightFacts(stretch);
});
text?.addEventListener("click", (event) => {
  const stretch = event.target.closest("[data-facts]");
  if (!stretch) return;
  event.preventDefault();
  const name = stretch.dataset.facts.split(":")[0];
  facts.get(name)?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") darken();
});
const asked = decodeURIComponent(location.hash.slice(1));
if (facts.has(asked)) light(asked, true);
