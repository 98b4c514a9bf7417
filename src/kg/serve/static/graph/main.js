// The graph view: fetches what lies around things and between them, and keeps picture, panel, tables and address in step.
import { ask, data, fill, h, lang, root } from "../dom.js";
import { pick } from "../combobox.js";
import { savePng, saveSvg, saveTurtle } from "./exporting.js";
import { Filters } from "./filters.js";
import { Lists } from "./lists.js";
import { Model } from "./model.js";
import { Panel } from "./panel.js";
import { canDraw, Stage } from "./stage.js";
import { Telling } from "./telling.js";

const WAIT = 250; // ms after a filter's change until it is asked for
const at = (id) => document.getElementById(`graph-${id}`);
const words = data("graph-words");
const setting = data("graph-setting");

const AT_ONCE = Math.min(setting.most, Number(new URL(location.href).searchParams.get("limit")) || 100); // of an expansion
const model = new Model(setting.most);
const telling = new Telling(model, words, setting.looks);
let selected = null; // {node} or {line}
let shown = model.shown();
let ways = null; // the two ends of the path that is shown
const asked = new Map(); // id -> how many of its neighbours were asked for

const act = {
  choose: (node) => choose({ node }),
  chooseLine: (line) => choose({ line }),
  expand: (node, further = 0) => expand(node, further),
  hide: (node) => {
    model.hidden.add(node);
    model.expanded.delete(node);
    if (selected?.node === node) choose(null);
    draw();
  },
  startPath: (node) => {
    at("ways").open = true;
    from.set(node, telling.name(node));
    to.input.focus();
  },
  close: () => {
    choose(null);
    at("stage").focus();
  },
};

at("stage").parentElement.querySelector(".graph-zoom").hidden = !canDraw();
document.getElementById("graph").hidden = false;
const stage = canDraw() ? new Stage(at("stage"), root + setting.worker, {
  look: (kind) => telling.look(kind),
  label: (node) => node.labels[lang],
  lineLabel: (line) => telling.line(line),
  press: choose,
  open: (node) => expand(node),
}) : null;
if (!stage) note("no_webgl");
const panel = new Panel(at("panel"), at("panel-title"), at("panel-body"), telling, model, act);
const lists = new Lists(at("things"), at("facts"), telling, model, act);
const filters = new Filters(at("filter"), { kinds: at("kinds"), relations: at("relations"), statuses: at("statuses") },
  [at("since"), at("until")], model, telling, filtered);
const [about, from, to] = ["about", "from", "to"].map((name) => pick(at(name).closest("[data-pick]")));

// ---- asking

function query(extra) {
  const { since, until } = model.filters;
  const parameters = new URLSearchParams(extra);
  for (const [key, name] of [["kinds", "kind"], ["relations", "relation"], ["statuses", "status"]]) {
    const unwanted = model.filters[key];
    if (unwanted.size) parameters.set(`not-${name}`, [...unwanted].join(","));
  }
  if (since) parameters.set("from", since);
  if (until) parameters.set("to", until);
  return parameters;
}

/** Fetch more of a thing's neighbours and show them; the ones that are most reported come first. */
async function expand(id, further = 0) {
  const limit = Math.min(setting.most, (asked.get(id) ?? AT_ONCE) + further);
  const part = await fetched("near", query({ id, limit }));
  if (!part) return null;
  const [centre] = part.about;
  asked.set(centre, limit);
  const fresh = model.add(part);
  model.expanded.add(centre);
  model.more.delete(centre);
  if (part.more) model.more.set(centre, part.more);
  const name = telling.name(centre);
  const count = fresh.filter((node) => node !== centre).length;
  say(count ? fill(words.added, { name, count }) : fill(words.nothing_new, { name }));
  if (model.nodes.size >= model.most) say(fill(words.full, { most: model.most }));
  filters.show();
  draw(new Map(fresh.map((node) => [node, node === centre ? undefined : centre])));
  return centre;
}

async function showPath(a, b) {
  const part = await fetched("path", new URLSearchParams({ from: a, to: b }));
  if (!part) return;
  const fresh = model.add(part);
  for (const end of part.about) model.expanded.add(end);
  for (const node of part.paths.flat()) model.expanded.add(node);
  ways = [a, b];
  filters.show();
  const [first] = part.about;
  draw(new Map(fresh.map((node) => [node, node === first ? undefined : first])));
  choose(isNarrow() ? null : { node: first });
  at("notes").replaceChildren(h("p", {}, fill(words.path_found, { count: part.paths[0].length - 1 })),
    h("ol", { class: "graph-ways" }, part.paths.map((way) => h("li", {}, way.map((node, at) => [at ? " → " : "",
      h("button", { type: "button", class: "link", onclick: () => choose({ node }) }, telling.name(node))])))));
}

const isNarrow = () => matchMedia("(max-width: 52rem)").matches; // the panel would cover the picture

async function fetched(name, parameters) {
  say(words.loading);
  at("empty").hidden = true;
  try {
    return await ask(`/api/${name}?${parameters}`);
  } catch (error) {
    say(fill(words.failed, { why: error.message }), true);
    at("empty").hidden = shown.nodes.size > 0;
    return null;
  }
}

// ---- showing

function draw(reached = new Map()) {
  shown = model.shown();
  at("empty").hidden = shown.nodes.size > 0;
  stage?.show(shown, reached);
  lists.show(shown, selected);
  legend();
  remember();
  if (selected?.node && !shown.nodes.has(selected.node)) choose(null);
  else if (selected?.line && !shown.lines.has(selected.line)) choose(null);
  else if (selected) tell();
}

function choose(chosen) {
  selected = chosen && (chosen.node ? shown.nodes.has(chosen.node) : shown.lines.has(chosen.line)) ? chosen : null;
  stage?.select(selected);
  lists.select(selected);
  tell();
  if (selected?.node) {
    stage?.reveal(selected.node);
    const links = [...shown.lines.values()].filter(({ source, target }) => source === selected.node || target === selected.node);
    say(fill(words.selected, { name: telling.name(selected.node), kind: telling.kind(selected.node), count: links.length }));
  } else if (selected) {
    const { source, target } = shown.lines.get(selected.line);
    say(fill(words.facts_between, { a: telling.name(source), b: telling.name(target) }));
  }
}

function tell() {
  if (selected?.node) {
    panel.node(selected.node, shown.facts.filter(({ source, target }) => source === selected.node || target === selected.node));
  } else if (selected) panel.line(shown.lines.get(selected.line));
  else panel.nothing();
}

function legend() {
  const looks = new Set([...shown.nodes.values()].map(({ kind }) => telling.look(kind)));
  at("legend").replaceChildren(...setting.looks.filter((look) => looks.has(look)).map((look) => h("li", {}, telling.outline(look), ` ${look[lang]}`)));
}

function say(text, isWarning = false) {
  at("status").textContent = text;
  at("status").classList.toggle("is-warning", isWarning);
}

function note(word) {
  at("notes").append(h("p", { class: "note" }, words[word]));
}

function counted() {
  return fill(words.count, { things: shown.nodes.size, facts: shown.facts.length });
}

let timer = 0;

function filtered() {
  draw();
  say(counted());
  at("filters-used").textContent = model.isFiltered() ? "•" : "";
  clearTimeout(timer);
  timer = setTimeout(async () => {
    for (const id of [...model.expanded].filter((each) => asked.has(each))) await expand(id); // others may fit now
    say(counted());
  }, WAIT);
}

// ---- the address: what was expanded, so that a link shows the same

function remember() {
  const address = new URL(location.href);
  for (const name of ["about", "from", "to"]) address.searchParams.delete(name);
  for (const id of model.expanded) if (asked.has(id)) address.searchParams.append("about", id);
  if (ways) [["from", ways[0]], ["to", ways[1]]].forEach(([name, id]) => address.searchParams.set(name, id));
  history.replaceState(null, "", address);
}

async function start() {
  const given = new URL(location.href).searchParams;
  const ends = ["from", "to"].map((name) => given.get(name));
  let first = null;
  for (const id of given.getAll("about")) if (id) first = (await expand(id)) ?? first;
  if (ends.every(Boolean)) await showPath(...ends);
  else if (first && !isNarrow()) choose({ node: first });
}

// ---- what people press

at("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const id = await about.best();
  if (!id) return say(words.choose, true);
  const centre = await expand(id);
  if (centre) choose({ node: centre });
  about.clear();
});
at("about").addEventListener("change", () => at("about").dataset.value && at("add").requestSubmit());
at("path").addEventListener("submit", async (event) => {
  event.preventDefault();
  const ends = [await from.best(), await to.best()];
  if (!ends.every(Boolean)) return say(words.choose, true);
  await showPath(...ends);
});
at("zoom-in").addEventListener("click", () => stage.zoom(1.5));
at("zoom-out").addEventListener("click", () => stage.zoom(1 / 1.5));
at("zoom-all").addEventListener("click", () => stage.whole());
at("clear").addEventListener("click", () => {
  model.clear();
  asked.clear();
  ways = null;
  at("notes").replaceChildren();
  choose(null);
  filters.show();
  draw();
  say(words.empty);
  at("about").focus();
});
at("svg").addEventListener("click", () => stage && saveSvg(stage.picture(), caption()));
at("png").addEventListener("click", () => stage && savePng(stage.picture(), caption()));
at("turtle").addEventListener("click", () => saveTurtle(shown).catch((error) => say(fill(words.failed, { why: error.message }), true)));
at("stage").addEventListener("keydown", (event) => {
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const others = {
    Enter: () => selected?.node && expand(selected.node), " ": () => selected?.node && expand(selected.node),
    "+": () => stage?.zoom(1.5), "=": () => stage?.zoom(1.5), "-": () => stage?.zoom(1 / 1.5), 0: () => stage?.whole(),
    Escape: () => choose(null), Delete: () => selected?.node && act.hide(selected.node),
  };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (arrows[event.key] && stage && shown.nodes.size) {
    event.preventDefault();
    choose({ node: stage.beside(selected?.node, ...arrows[event.key]) });
  } else if (others[event.key]) {
    event.preventDefault();
    others[event.key]();
  }
});

const caption = () => `Jejaring · ${counted()} · ${[...model.expanded].slice(0, 3).map((id) => telling.name(id)).join(", ")}`;

lists.show(shown, selected);
filters.show();
start();
