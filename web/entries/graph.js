// What the graph view draws with: a graph in memory, and WebGL.
export { default as Graph } from "graphology";
export { Sigma } from "sigma";
export { EdgeProgram, NodeProgram } from "sigma/rendering";
export { floatColor } from "sigma/utils";
