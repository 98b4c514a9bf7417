// Lines between things, with an arrow head where they have one direction: two triangles and one for the head, all in one
// plain call (see OutlineProgram for why).
import { EdgeProgram, floatColor } from "../vendor/graph.js";

const HEAD = 7; // pixels of an arrow head's length
const CORNERS = [ // [along: 0 start, 1 end; aside: -1 or 1; of the head: 1], three for each triangle
  [0, -1, 0], [0, 1, 0], [1, -1, 0], [0, 1, 0], [1, 1, 0], [1, -1, 0],
  [0, -1, 1], [0, 1, 1], [1, 0, 1],
];

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_ends; // start, end
attribute vec3 a_corner;
attribute vec3 a_measures; // thickness, radius of the thing at the end, length of the head, all in pixels
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying float v_aside;
varying float v_half;
const float bias = 255.0 / 254.0;
void main() {
  float pixel = u_correctionRatio * 2.0;
  vec2 way = a_ends.zw - a_ends.xy;
  float whole = length(way);
  vec2 ahead = whole > 0.0 ? way / whole : vec2(0.0);
  vec2 aside = vec2(-ahead.y, ahead.x);
  float head = a_measures.z * pixel;
  vec2 tip = a_ends.zw - ahead * min(whole, head > 0.0 ? a_measures.y / u_sizeRatio * pixel : 0.0);
  vec2 neck = tip - ahead * min(whole, head);
  float width = max(a_measures.x / u_sizeRatio, 1.0);
  v_half = width / 2.0 + 0.5; // half a pixel to fade out in
  v_aside = a_corner.z > 0.5 ? 0.0 : a_corner.y * v_half;
  vec2 at = a_corner.z > 0.5
    ? mix(neck, tip, a_corner.x) + aside * a_corner.y * head * 0.5
    : mix(a_ends.xy, neck, a_corner.x) + aside * a_corner.y * v_half * pixel;
  gl_Position = vec4((u_matrix * vec3(at, 1)).xy, 0, 1);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

const FRAGMENT = /* glsl */ `
precision mediump float;
varying vec4 v_color;
varying float v_aside;
varying float v_half;
void main(void) {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  gl_FragColor = v_color * clamp(v_half - abs(v_aside), 0.0, 1.0);
  #endif
}`;

/** Draws lines: display data `size` (thickness), `color`, `hasHead`. */
export class LineProgram extends EdgeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: CORNERS.length,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_ends", size: 4, type: FLOAT },
        { name: "a_corner", size: 3, type: FLOAT },
        { name: "a_measures", size: 3, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(index, start, source, target, data) {
    const array = this.array;
    const color = floatColor(data.color);
    for (const [along, aside, head] of CORNERS) {
      array[start++] = source.x;
      array[start++] = source.y;
      array[start++] = target.x;
      array[start++] = target.y;
      array[start++] = along;
      array[start++] = aside;
      array[start++] = head;
      array[start++] = data.size;
      array[start++] = target.size;
      array[start++] = data.hasHead ? HEAD : 0;
      array[start++] = color;
      array[start++] = index;
    }
  }

  setUniforms({ correctionRatio, sizeRatio, matrix }, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_correctionRatio, correctionRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
  }
}
