// The SPARQL page: runs what stands in the editor at /sparql, shows the answer, and keeps a link to it.
// It only ever sends `query`, which the endpoint takes for reading alone: a link can't make it change anything.
import { ask, data, fill, h, lang, root, save } from "../dom.js";
import { pick } from "../combobox.js";
import { chart } from "./chart.js";
import { Editor } from "./editor.js";
import { Table } from "./table.js";

const at = (id) => document.getElementById(`query-${id}`);
const words = data("query-words");
const form = at("form");
const { base } = form.dataset;
const endpoint = `${root}/sparql`;
const ROWS = { CSV: "text/csv", TSV: "text/tab-separated-values", JSON: "application/sparql-results+json", XML: "application/sparql-results+xml" };
const GRAPHS = { Turtle: "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF/XML": "application/rdf+xml" };
const ENDINGS = { CSV: "csv", TSV: "tsv", JSON: "srj", XML: "srx", Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };

const fragment = new URLSearchParams(location.hash.slice(1));
const isOwn = fragment.has("query"); // a link to a query of somebody's own
const name = isOwn ? "" : form.dataset.name;
if (isOwn) {
  at("text").value = fragment.get("query");
  at("named")?.remove();
  at("name").prepend(h("option", { value: "", selected: true }, words.own));
  at("name").value = "";
}

const original = at("text").value;
const editor = new Editor(at("editor"), at("text"), {
  label: words.editor, run: () => run(), changed: () => editor?.mark(), terms: ask("/api/terms"),
});
let running = null;

at("share").hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
at("cancel").addEventListener("click", () => running?.abort());
at("share").addEventListener("click", share);
at("name").addEventListener("change", () => at("name").value && at("choose").requestSubmit());

// ---- the fields of a named query: what is sent of a thing is its id

const picks = [...document.querySelectorAll("[data-pick]")].map(pick);
at("fill")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  await Promise.all(picks.filter(({ input }) => !input.dataset.value && input.value.trim()).map((each) => each.best()));
  const address = new URL(form.action);
  for (const field of form.elements) {
    if (!field.name) continue;
    const value = field.value.trim() && (field.dataset.value || field.value.trim());
    if (value) address.searchParams.set(field.name, value);
  }
  location.assign(address);
});

// ---- running

async function run() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const started = performance.now();
  editor.mark();
  at("answer").hidden = false;
  at("cancel").hidden = false;
  say(words.running);
  for (const part of ["downloads", "chart", "table"]) at(part).replaceChildren();
  at("answer").setAttribute("aria-busy", "true");
  try {
    const answer = await send("application/sparql-results+json, text/turtle;q=0.9", mine.signal);
    const kind = answer.headers.get("content-type") ?? "";
    const body = await answer.text();
    const seconds = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format((performance.now() - started) / 1000);
    if (!answer.ok) return fail(body, answer);
    if (kind.includes("turtle")) graph(body, seconds);
    else rows(JSON.parse(body), seconds);
  } catch (error) {
    if (mine === running) say(error.name === "AbortError" ? words.cancelled : fill(words.failed, { why: error.message }), error.name !== "AbortError");
  } finally {
    if (mine === running) {
      running = null;
      at("cancel").hidden = true;
      at("answer").removeAttribute("aria-busy");
    }
  }
}

const send = (accept, signal) => fetch(endpoint, { method: "POST", headers: { Accept: accept }, body: new URLSearchParams({ query: editor.text }), signal });

function fail(body, answer) {
  let told;
  try {
    told = JSON.parse(body).error;
  } catch {
    told = { message: body.trim() || `${answer.status} ${answer.statusText}` };
  }
  const why = told.message.replace(/^line \d+, column \d+: /, "");
  say(told.line ? fill(words.failed_at, { ...told, why }) : fill(words.failed, { why }), true);
  if (told.line) {
    editor.mark(told.line, told.column, why);
    editor.focus();
  }
}

function rows(found, seconds) {
  if ("boolean" in found) {
    say(fill(words.truth, { value: found.boolean ? words.true : words.false, seconds }));
    return downloads(["JSON", "XML"], ROWS);
  }
  const answer = { columns: found.head.vars, rows: found.results.bindings };
  const count = new Intl.NumberFormat(lang).format(answer.rows.length);
  say(answer.rows.length ? fill(words.rows, { count, seconds }) : words.none);
  downloads(Object.keys(ROWS), ROWS);
  chart(at("chart"), answer, words);
  new Table(at("table"), answer, words, base);
}

function graph(turtle, seconds) {
  const size = new Intl.NumberFormat(lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(turtle.length / 1000);
  say(fill(words.triples, { size, seconds }));
  downloads(Object.keys(GRAPHS), GRAPHS);
  at("table").replaceChildren(h("pre", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Turtle" }, turtle.slice(0, 200_000)));
}

function downloads(names, kinds) {
  at("downloads").replaceChildren(h("span", { class: "soft" }, `${words.download}:`), ...names.map((each) =>
    h("button", { type: "button", class: "small", onclick: () => download(each, kinds[each]) }, each)));
}

async function download(format, kind) {
  try {
    const answer = await send(kind);
    if (!answer.ok) return fail(await answer.text(), answer);
    save(await answer.blob(), kind, `${name || "jejaring"}.${ENDINGS[format]}`);
  } catch (error) {
    say(fill(words.failed, { why: error.message }), true);
  }
}

function say(text, isWarning = false) {
  at("status").textContent = text;
  at("status").classList.toggle("is-warning", isWarning);
}

// ---- the link: a named query by its fields, one's own by its text (behind the #, so that no server logs it)

async function share() {
  const address = new URL(location.href);
  if (editor.text !== original || !name) {
    address.search = "";
    address.hash = new URLSearchParams({ query: editor.text }).toString();
  } else address.searchParams.set("name", name);
  address.searchParams.delete("lang");
  history.replaceState(null, "", address); // tells no hashchange
  try {
    await navigator.clipboard.writeText(address.href);
    say(words.shared);
  } catch {
    say(words.share_failed);
  }
  at("answer").hidden = false;
}

if (form.dataset.asked || isOwn) run();
addEventListener("hashchange", () => location.reload()); // another link was put into the address bar
