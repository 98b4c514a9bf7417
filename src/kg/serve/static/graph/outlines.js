// The outlines of kinds, once for WebGL and once for SVG. Each fits a circle of radius 1 around the origin.
import { NodeProgram, floatColor } from "../vendor/graph.js";

/** Sides, turn in radians (0: a corner on top), width to height: what the shader and the SVG path are both made from. */
const OUTLINES = {
  circle: { sides: 0, turn: 0, narrow: 1, size: 1 },
  square: { sides: 4, turn: Math.PI / 4, narrow: 1, size: 1.2 },
  diamond: { sides: 4, turn: 0, narrow: 1, size: 1.25 },
  hexagon: { sides: 6, turn: Math.PI / 6, narrow: 1, size: 1.12 },
  triangle: { sides: 3, turn: 0, narrow: 1, size: 1.35 },
  wedge: { sides: 3, turn: Math.PI, narrow: 1, size: 1.35 },
  pentagon: { sides: 5, turn: 0, narrow: 1, size: 1.15 },
  page: { sides: 4, turn: Math.PI / 4, narrow: 0.72, size: 1.3 },
};

const outline = (name) => OUTLINES[name] ?? OUTLINES.circle;

/** The outline as the `d` of an SVG path around (x, y). */
export function path(name, x, y, radius) {
  const { sides, turn, narrow, size } = outline(name);
  const r = radius * size;
  if (!sides) return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;
  const corners = Array.from({ length: sides }, (_, k) => {
    const angle = turn + (2 * Math.PI * k) / sides;
    return `${n(x + narrow * r * Math.sin(angle))} ${n(y - r * Math.cos(angle))}`;
  });
  return `M${corners.join("L")}Z`;
}

const n = (value) => Number(value.toFixed(2));

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_ground;
attribute vec2 a_position;
attribute float a_size;
attribute vec4 a_outline; // sides, turn, narrow, ring in pixels
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_ground;
varying vec2 v_at;
varying vec4 v_sides; // directions of sides, as pairs
varying vec4 v_others;
varying vec4 v_measures; // how far sides are from the middle (0 for a circle), radius, width to height, ring
const float bias = 255.0 / 254.0;
const float TAU = 6.28318530718;
// The direction of a side, for the right half: all outlines are the same left and right.
vec2 side(float number) {
  float angle = (number + 0.5) * TAU / max(a_outline.x, 1.0) + a_outline.y;
  return vec2(abs(sin(angle)), cos(angle));
}
void main() {
  float radius = (a_size / u_sizeRatio + a_outline.w) * u_correctionRatio * 2.0;
  vec2 at = radius * 2.06 * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + at, 1)).xy, 0, 1);
  v_at = at;
  v_sides = vec4(side(-1.0), side(0.0));
  v_others = vec4(side(1.0), side(2.0));
  v_measures = vec4(a_outline.x < 0.5 ? 0.0 : radius * cos(TAU / a_outline.x / 2.0), radius, a_outline.z, a_outline.w);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
  v_ground = a_ground;
  v_ground.a *= bias;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_ground;
varying vec2 v_at;
varying vec4 v_sides;
varying vec4 v_others;
varying vec4 v_measures;
uniform float u_correctionRatio;
const vec4 nothing = vec4(0.0);
// How far outside of the outline a point is: beyond the side that it is farthest beyond. No angles here, for without a
// graphics card this runs for each pixel of each thing on the processor.
float outside(vec2 p) {
  if (v_measures.x == 0.0) return length(p) - v_measures.y;
  vec2 q = vec2(abs(p.x) / v_measures.z, p.y);
  return max(max(dot(q, v_sides.xy), dot(q, v_sides.zw)), max(dot(q, v_others.xy), dot(q, v_others.zw))) - v_measures.x;
}
void main(void) {
  float pixel = u_correctionRatio * 2.0;
  float d = outside(v_at);
  #ifdef PICKING_MODE
  gl_FragColor = d > 0.0 ? nothing : v_color;
  #else
  float ring = v_measures.w * pixel;
  float inner = smoothstep(-pixel, 0.0, d + ring);
  float edge = smoothstep(-pixel, 0.0, d);
  gl_FragColor = mix(mix(v_color, v_ground, inner), nothing, edge);
  #endif
}`;

/**
 * Draws things in the outlines of their kinds, all corners in one plain call: by instances, as sigma's own programs do
 * it, takes three times as long where the processor has to draw (SwiftShader makes a call of each instance).
 * Display data: `outline`, `color`, `ground` (colour of the ring), `ring` (its width in pixels).
 */
export class OutlineProgram extends NodeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_ground", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_outline", size: 4, type: FLOAT },
        { name: "a_angle", size: 1, type: FLOAT },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(nodeIndex, start, data) {
    const { sides, turn, narrow, size } = outline(data.outline);
    const array = this.array;
    const color = floatColor(data.color);
    const ground = floatColor(data.ground);
    for (let corner = 0; corner < 3; corner += 1) {
      array[start++] = data.x;
      array[start++] = data.y;
      array[start++] = data.size * size;
      array[start++] = color;
      array[start++] = ground;
      array[start++] = sides;
      array[start++] = turn;
      array[start++] = narrow;
      array[start++] = data.ring;
      array[start++] = (corner * 2 * Math.PI) / 3;
      array[start++] = nodeIndex;
    }
  }

  setUniforms({ correctionRatio, sizeRatio, matrix }, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_correctionRatio, correctionRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
  }
}
