// ForceAtlas2 (Jacomy et al. 2014), one iteration at a time over plain arrays: a worker of our own calls it.
export { default as iterate } from "graphology-layout-forceatlas2/iterate";
export { default as defaults } from "graphology-layout-forceatlas2/defaults";
