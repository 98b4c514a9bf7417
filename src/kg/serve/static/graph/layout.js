// Where things lie: first guesses here, the rest in a worker. The same graph always gets the same places.
import { isCalm } from "../dom.js";
import { defaults } from "../vendor/layout.js";

const PER_NODE = 10;
const PER_EDGE = 3;
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // turns that fill a disc evenly

/** Rounds of the layout: more would change little that is seen. */
const rounds = (count) => (count < 50 ? 400 : count < 300 ? 300 : count < 1000 ? 200 : 150);

export class Layout {
  #worker;
  #job = 0;
  #waiting = null;

  /** `moved(places, isDone)` is told where things are, a few times a second, or at the end only for who wants calm. */
  constructor(address, moved) {
    this.moved = moved;
    this.#worker = new Worker(address, { type: "module" });
    this.#worker.onmessage = ({ data }) => {
      if (data.job !== this.#job) return;
      if (data.isDone || !isCalm()) this.moved(this.#waiting.ids, data.places, data.isDone);
      if (data.isDone) this.#waiting.done();
    };
  }

  /** Place the things of a graph anew, starting from where they are; resolves when it is done or overtaken. */
  run(graph) {
    this.#waiting?.done();
    const ids = graph.nodes();
    const { nodes, edges } = matrices(graph, ids);
    const count = ids.length;
    const settings = {
      ...defaults, strongGravityMode: true, gravity: 0.05, scalingRatio: 10, barnesHutOptimize: count > 400,
      slowDown: 1 + Math.log(count + 1),
    };
    this.#job += 1;
    return new Promise((done) => {
      this.#waiting = { ids, done };
      this.#worker.postMessage({ job: this.#job, nodes, edges, rounds: rounds(count), settings }, [nodes.buffer, edges.buffer]);
    });
  }
}

/** A first place for new things: around the one that they were reached from. */
export function around({ x, y }, at, spread = 10) {
  const distance = spread * Math.sqrt(at + 1);
  return { x: x + distance * Math.cos(at * GOLDEN), y: y + distance * Math.sin(at * GOLDEN) };
}

function matrices(graph, ids) {
  const index = new Map(ids.map((id, at) => [id, at * PER_NODE]));
  const nodes = new Float32Array(ids.length * PER_NODE);
  ids.forEach((id, at) => {
    const { x, y, size } = graph.getNodeAttributes(id);
    nodes.set([x, y, 0, 0, 0, 0, 1 + graph.degree(id), 1, size, 0], at * PER_NODE);
  });
  const edges = new Float32Array(graph.size * PER_EDGE);
  let at = 0;
  graph.forEachEdge((_, __, source, target) => {
    edges.set([index.get(source), index.get(target), 1], at);
    at += PER_EDGE;
  });
  return { nodes, edges };
}
