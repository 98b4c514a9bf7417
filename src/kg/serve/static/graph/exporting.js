// The picture as a file: SVG is written here from the places on the stage, PNG is that SVG drawn on a canvas, Turtle
// comes from the server.
import { reason, root, save, svg } from "../dom.js";
import { path } from "./outlines.js";

const SHARPER = 2; // pixels of a PNG for each of the screen
const NAME = "jejaring-graf";
const DASHES = { projected: "6 4", former: "1.5 4" }; // as in `kg draw`

/** The stage as an SVG document. */
export function drawing({ width, height, nodes, lines }, caption) {
  const bottom = height + 24;
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${bottom}`, width, height: bottom, "font-family": "system-ui, sans-serif", "font-size": 12 },
    svg("title", {}, caption),
    svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8Z", fill: "#8d877b" }))),
    svg("rect", { width, height: bottom, fill: "#ffffff" }),
    lines.filter(({ from, to }) => from && to).map((line) => drawnLine(line)),
    nodes.map(({ x, y, size, outline, colour }) => svg("path", { d: path(outline, x, y, size), fill: colour, stroke: "#ffffff", "stroke-width": 1.5 })),
    nodes.map(({ x, y, size, label }) => svg("text", { x: round(x + size + 4), y: round(y + 4), fill: "#1f1d1a", stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }, label)),
    svg("text", { x: 8, y: height + 16, fill: "#625c52" }, caption));
  return new XMLSerializer().serializeToString(root);
}

function drawnLine({ from, to, facts, isTwoWay, label }) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const statuses = new Set(facts.map(({ status }) => status));
  const dash = statuses.size === 1 ? DASHES[[...statuses][0]] : undefined;
  return svg("g", {}, svg("title", {}, label), svg("line", {
    x1: round(from.x + ux * from.size), y1: round(from.y + uy * from.size),
    x2: round(to.x - ux * (to.size + 2)), y2: round(to.y - uy * (to.size + 2)),
    stroke: "#8d877b", "stroke-width": Math.min(4, 1 + 0.4 * facts.length), "stroke-dasharray": dash,
    "marker-end": isTwoWay ? undefined : "url(#arrow)",
  }));
}

const round = (value) => Number(value.toFixed(1));

export function saveSvg(picture, caption) {
  save(drawing(picture, caption), "image/svg+xml", `${NAME}.svg`);
}

export async function savePng(picture, caption) {
  const address = URL.createObjectURL(new Blob([drawing(picture, caption)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SHARPER;
    canvas.height = image.naturalHeight * SHARPER;
    const context = canvas.getContext("2d");
    context.scale(SHARPER, SHARPER);
    context.drawImage(image, 0, 0);
    save(await new Promise((done) => canvas.toBlob(done, "image/png")), "image/png", `${NAME}.png`);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The facts that are shown, as triples. */
export async function saveTurtle({ nodes, facts }) {
  const body = JSON.stringify({ nodes: [...nodes.keys()], facts: [...new Set(facts.map(({ fact }) => fact).filter(Boolean))] });
  const answer = await fetch(`${root}/api/part`, { method: "POST", headers: { Accept: "text/turtle", "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Error(await reason(answer));
  save(await answer.blob(), "text/turtle", `${NAME}.ttl`);
}
