// Places things by ForceAtlas2, in slices, so that a newer request is heard. In: {job, nodes, edges, rounds, settings},
// matrices as the library has them. Out: {job, places (x, y of each thing), isDone}.
import { iterate } from "../vendor/layout.js";

const PER_NODE = 10; // numbers of a thing in the library's matrix
const SLICE = 120; // ms: as often as places are told, and a newer request is heard
let current = 0;

onmessage = ({ data }) => {
  current = data.job;
  run(data, 0);
};

function run(task, round) {
  if (task.job !== current) return; // a newer one has come
  const until = performance.now() + SLICE;
  while (round < task.rounds && performance.now() < until) {
    iterate(task.settings, task.nodes, task.edges);
    round += 1;
  }
  const places = new Float32Array((task.nodes.length / PER_NODE) * 2);
  for (let at = 0, from = 0; at < places.length; at += 2, from += PER_NODE) {
    places[at] = task.nodes[from];
    places[at + 1] = task.nodes[from + 1];
  }
  const isDone = round >= task.rounds;
  postMessage({ job: task.job, places, isDone }, [places.buffer]);
  if (!isDone) setTimeout(run, 0, task, round);
}
