// The picture: a WebGL canvas (sigma) that shows what the model shows, and tells what was pressed.
import { isCalm } from "../dom.js";
import { Graph, Sigma } from "../vendor/graph.js";
import { around, Layout } from "./layout.js";
import { LineProgram } from "./lines.js";
import { OutlineProgram } from "./outlines.js";

const NEAR_LINE = 6; // pixels beside a line that still hit it
const ANIMATED = 250; // ms
const LONGEST = 34; // characters of a name in the picture; panel and tables have it whole
const FEW_LINES = 500; // which any machine draws quickly enough
const SLOW = 34; // ms of a frame: fewer than thirty a second
const PAUSE = 1000; // ms between two pictures that don't belong to one movement
const LABELS = { font: "600 13px system-ui, sans-serif", small: "12px system-ui, sans-serif" };

/** Whether this browser can draw at all. */
export function canDraw() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

export class Stage {
  #origins = new Map(); // id -> the thing that it was reached from
  #lines = new Map();
  #selected = null; // {node} or {line}
  #near = new Set();

  /** `look(kind)` gives {outline, light, dark}; `press({node} | {line} | null)` and `open(node)` are told of clicks. */
  constructor(element, worker, { look, label, lineLabel, press, open }) {
    this.element = element;
    this.look = look;
    this.label = label;
    this.lineLabel = lineLabel;
    this.graph = new Graph({ type: "directed", multi: false });
    this.#colours();
    this.sigma = new Sigma(this.graph, element, {
      allowInvalidContainer: true,
      defaultNodeType: "outline",
      nodeProgramClasses: { outline: OutlineProgram },
      defaultEdgeType: "line",
      edgeProgramClasses: { line: LineProgram },
      renderEdgeLabels: true,
      labelDensity: 0.7,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 5,
      minCameraRatio: 0.02,
      maxCameraRatio: 4,
      stagePadding: 40,
      zIndex: true,
      zoomDuration: isCalm() ? 0 : ANIMATED,
      inertiaDuration: isCalm() ? 0 : 200,
      nodeReducer: (id, data) => this.#drawnNode(id, data),
      edgeReducer: (id, data) => this.#drawnLine(id, data),
      defaultDrawNodeLabel: (context, data) => this.#drawLabel(context, data),
      defaultDrawNodeHover: (context, data) => this.#drawLabel(context, { ...data, isStrong: true }),
      defaultDrawEdgeLabel: (context, data, source, target) => this.#drawLineLabel(context, data, source, target),
    });
    this.layout = new Layout(worker, (ids, places, isDone) => this.#move(ids, places, isDone));
    this.#watch();
    this.sigma.on("clickNode", ({ node }) => press({ node }));
    this.sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      open(node);
    });
    this.sigma.on("clickStage", ({ event }) => press(this.#lineAt(event)));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#colours();
      this.sigma.refresh();
    });
  }

  /** Draw what is shown now; things that weren't there start beside the one that they were `reached` from. */
  show({ nodes, lines }, reached = new Map()) {
    let isChanged = false;
    this.#lines = lines; // sigma asks for looks while the graph is being changed
    for (const id of this.graph.nodes()) {
      if (!nodes.has(id)) {
        this.graph.dropNode(id);
        isChanged = true;
      }
    }
    const count = new Map();
    for (const { source, target } of lines.values()) {
      count.set(source, (count.get(source) ?? 0) + 1);
      count.set(target, (count.get(target) ?? 0) + 1);
    }
    const placed = new Map();
    const scale = nodes.size < 300 ? 1 : nodes.size < 900 ? 0.75 : 0.5; // many small ones are seen better, and drawn sooner
    for (const [id, node] of nodes) {
      const size = scale * Math.min(20, 6.5 + 1.6 * Math.sqrt(count.get(id) ?? 0));
      const look = this.look(node.kind);
      const drawn = { label: this.label(node), size, outline: look.outline, look };
      if (this.graph.hasNode(id)) {
        if (this.graph.getNodeAttribute(id, "size") !== size) this.graph.setNodeAttribute(id, "size", size);
      } else {
        const origin = reached.get(id);
        const near = origin && this.graph.hasNode(origin) ? this.graph.getNodeAttributes(origin) : { x: 0, y: 0 };
        const at = placed.get(origin) ?? (origin ? 1 : this.graph.order * 3);
        placed.set(origin, at + 1);
        this.graph.addNode(id, { ...around(near, at), ...drawn, type: "outline" });
        isChanged = true;
      }
    }
    for (const key of this.graph.edges()) {
      if (!lines.has(key)) {
        this.graph.dropEdge(key);
        isChanged = true;
      }
    }
    for (const [key, line] of lines) {
      const drawn = { size: Math.min(4, 1 + 0.4 * line.facts.length), hasHead: !line.isTwoWay };
      if (this.graph.hasEdge(key)) {
        const { size, hasHead } = this.graph.getEdgeAttributes(key);
        if (size !== drawn.size || hasHead !== drawn.hasHead) this.graph.mergeEdgeAttributes(key, drawn);
      } else {
        this.graph.addEdgeWithKey(key, line.source, line.target, drawn);
        isChanged = true;
      }
    }
    return isChanged ? this.layout.run(this.graph) : Promise.resolve();
  }

  /** Mark a thing or a line, and what belongs to it; nothing for null. */
  select(chosen) {
    this.#selected = chosen;
    this.#near = new Set();
    if (chosen?.node && this.graph.hasNode(chosen.node)) {
      this.#near = new Set([chosen.node, ...this.graph.neighbors(chosen.node)]);
    } else if (chosen?.line && this.#lines.has(chosen.line)) {
      const { source, target } = this.#lines.get(chosen.line);
      this.#near = new Set([source, target]);
    }
    this.sigma.refresh({ skipIndexation: true });
  }

  /** Bring a thing into sight, if it isn't. */
  reveal(id) {
    if (!this.graph.hasNode(id)) return;
    const { width, height } = this.sigma.getDimensions();
    const shown = this.sigma.getNodeDisplayData(id);
    if (!shown) return;
    const { x, y } = this.sigma.framedGraphToViewport(shown);
    const margin = 30;
    if (x > margin && y > margin && x < width - margin && y < height - margin) return;
    this.#camera({ x: shown.x, y: shown.y });
  }

  zoom(factor) {
    const camera = this.sigma.getCamera();
    this.#camera({ ratio: camera.getBoundedRatio(camera.ratio / factor) });
  }

  whole() {
    this.#camera({ x: 0.5, y: 0.5, angle: 0, ratio: 1 });
  }

  /** The nearest thing in a direction (dx, dy of the screen) from another one; without one the first in sight. */
  beside(id, dx, dy) {
    if (!id || !this.graph.hasNode(id)) return this.graph.nodes()[0];
    const place = (node) => this.sigma.graphToViewport(this.graph.getNodeAttributes(node));
    const here = place(id);
    let best;
    let least = Infinity;
    for (const node of this.graph.nodes()) {
      if (node === id) continue;
      const there = place(node);
      const ahead = (there.x - here.x) * dx + (there.y - here.y) * dy;
      if (ahead <= 0) continue;
      const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      const cost = ahead + 2 * aside;
      if (cost < least) [best, least] = [node, cost];
    }
    return best ?? id;
  }

  /** What a picture file needs: size, and things and lines with places in pixels and colours as drawn on light ground. */
  picture() {
    const { width, height } = this.sigma.getDimensions();
    const places = new Map();
    const nodes = this.graph.mapNodes((id, data) => {
      const { x, y } = this.sigma.graphToViewport(data);
      const size = this.sigma.scaleSize(data.size);
      places.set(id, { x, y, size });
      return { id, x, y, size, label: data.label, outline: data.outline, colour: data.look.light };
    });
    const lines = [...this.#lines.values()].map((line) => ({
      ...line, from: places.get(line.source), to: places.get(line.target), label: this.lineLabel(line),
    }));
    return { width, height, nodes, lines };
  }

  /** Leave lines out while the picture moves, where drawing them takes too long: without a graphics card it may. */
  #watch() {
    let last = 0;
    let slow = 0;
    this.sigma.on("beforeRender", () => {
      const now = performance.now();
      const frame = now - last;
      last = now;
      if (frame > PAUSE || this.#lines.size < FEW_LINES) return;
      slow = frame > SLOW ? slow + 1 : Math.max(0, slow - 1);
      if (slow > 4 && !this.sigma.getSetting("hideEdgesOnMove")) this.sigma.setSetting("hideEdgesOnMove", true);
    });
  }

  #camera(state) {
    const camera = this.sigma.getCamera();
    if (isCalm()) camera.setState({ ...camera.getState(), ...state });
    else camera.animate(state, { duration: ANIMATED });
  }

  #move(ids, places, isDone) {
    const index = new Map(ids.map((id, at) => [id, 2 * at]));
    this.graph.updateEachNodeAttributes((id, data) => { // one event for all, or sigma would do its work for each
      const at = index.get(id);
      return at === undefined ? data : { ...data, x: places[at], y: places[at + 1] };
    }, { attributes: ["x", "y"] });
    this.element.dataset.layout = isDone ? "done" : "running";
  }

  #colours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name, other) => style.getPropertyValue(name).trim() || other;
    this.isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    this.ink = colour("--ink", "#222222");
    this.ground = colour("--sheet", "#ffffff");
    this.accent = colour("--accent", "#0b5d57");
    this.line = this.isDark ? "#6b746e" : "#a39e94";
    this.faint = this.isDark ? "#2c312e" : "#ebe8e1";
  }

  #drawnNode(id, data) {
    const isChosen = this.#selected?.node === id;
    const isFaint = this.#near.size > 0 && !this.#near.has(id);
    return {
      ...data,
      color: isFaint ? this.faint : this.isDark ? data.look.dark : data.look.light,
      ground: isChosen ? this.ink : this.ground,
      ring: isChosen ? 3 : 1.5,
      label: isFaint ? null : data.label,
      forceLabel: this.#near.size > 0 && this.#near.size < 30 && this.#near.has(id),
      zIndex: isChosen ? 2 : isFaint ? 0 : 1,
    };
  }

  #drawnLine(key, data) {
    const [source, target] = this.graph.extremities(key);
    const chosen = this.#selected;
    const isChosen = chosen?.line === key || (chosen?.node && (source === chosen.node || target === chosen.node));
    const isFaint = this.#near.size > 0 && !isChosen;
    const line = this.#lines.get(key);
    const isNamed = line && isChosen && (chosen.line === key || this.#near.size < 14);
    return {
      ...data,
      color: isChosen ? this.accent : isFaint ? this.faint : this.line,
      label: isNamed ? this.lineLabel(line) : null,
      forceLabel: isNamed,
      zIndex: isChosen ? 1 : 0,
    };
  }

  #drawLabel(context, data) {
    if (!data.label) return;
    context.font = data.isStrong || data.ring > 2 ? LABELS.font : LABELS.small;
    const x = data.x + data.size + 4;
    const y = data.y + 4;
    const { label } = data;
    this.#written(context, data.isStrong || label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`, x, y);
  }

  #drawLineLabel(context, data, source, target) {
    if (!data.label) return;
    context.font = LABELS.small;
    context.textAlign = "center";
    this.#written(context, data.label, (source.x + target.x) / 2, (source.y + target.y) / 2 + 4);
    context.textAlign = "start";
  }

  #written(context, text, x, y) {
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = this.ground;
    context.strokeText(text, x, y);
    context.fillStyle = this.ink;
    context.fillText(text, x, y);
  }

  /** The line that lies under a point of the screen, as {line}, or null. */
  #lineAt({ x, y }) {
    let best = null;
    let least = NEAR_LINE;
    this.graph.forEachEdge((key, _, __, ___, from, to) => {
      const distance = toSegment({ x, y }, this.sigma.graphToViewport(from), this.sigma.graphToViewport(to));
      if (distance < least) [best, least] = [{ line: key }, distance];
    });
    return best;
  }
}

function toSegment(p, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = dx || dy ? Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}
