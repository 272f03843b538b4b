// Signs, drawn by the graphics card in one call: 20,000 lamps or 2,000 moving trucks.

import { type Signs, WIDTH } from "./signs";

const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform vec2 u_pixel;
uniform float u_now;
uniform float u_size;
in vec2 a_corner;
in vec4 a_way;
in vec3 a_when;
in vec4 a_look;
out vec2 v_at;
out float v_edge;
flat out vec3 v_look;
void main() {
  float part = a_when.y > 0.0 ? clamp((u_now - a_when.x) / a_when.y, 0.0, 1.0) : 1.0;
  gl_Position = u_matrix * vec4(mix(a_way.xy, a_way.zw, part), 0.0, 1.0);
  float size = u_size * a_look.z;
  gl_Position.xy += a_corner * size * u_pixel * gl_Position.w;
  float s = sin(a_when.z), c = cos(a_when.z);
  v_at = vec2(c * a_corner.x - s * a_corner.y, s * a_corner.x + c * a_corner.y);
  v_edge = 1.2 / size;
  v_look = vec3(a_look.x, a_look.y, a_look.w);
}`;

// Distances to the edge of each shape, negative inside; +y is ahead.
const FRAGMENT = `#version 300 es
precision highp float;
uniform vec4 u_colours[8];
uniform vec4 u_ground;
in vec2 v_at;
in float v_edge;
flat in vec3 v_look;
out vec4 colour;
float arrow(vec2 p) {
  p.x = abs(p.x);
  float side = dot(p - vec2(0.0, 0.72), normalize(vec2(1.3, 0.55)));
  float back = -p.y - 0.62 + 0.45 * (0.55 - p.x);
  return max(side, back);
}
float box(vec2 p, float r) { vec2 d = abs(p) - r; return max(d.x, d.y); }
float cross_(vec2 p) {
  p = abs(vec2(p.x + p.y, p.y - p.x)) * 0.7071;
  return min(max(p.x - 0.7, p.y - 0.17), max(p.y - 0.7, p.x - 0.17));
}
float shapeOf(int shape, vec2 p) {
  float r = length(p);
  if (shape == 0) return r - 0.34;
  if (shape == 1) return abs(r - 0.55) - 0.17;
  if (shape == 2) return box(p, 0.55);
  if (shape == 3) return r - 0.5;
  if (shape == 4) return cross_(p);
  if (shape == 5) return arrow(p);
  if (shape == 6) return max(arrow(p), -arrow(p) - 0.2);
  if (shape == 7) return min(r - 0.26, abs(r - 0.62) - 0.1);
  return min(arrow(p * 1.45), abs(abs(p.x) + abs(p.y) - 0.88) * 0.7071 - 0.08);
}
void main() {
  int shape = int(v_look.x + 0.5);
  float d = shapeOf(shape, v_at);
  float inside = smoothstep(v_edge, -v_edge, d);
  float around = smoothstep(v_edge, -v_edge, d - 2.2 * v_edge);
  vec4 own = u_colours[int(v_look.y + 0.5)];
  float halo = shape == 0 ? 0.38 * pow(max(1.0 - length(v_at), 0.0), 2.0) : 0.0;
  // The sign on an edge of the ground's colour, so that it stands out from whatever is below.
  float alpha = max(max(inside, halo), shape == 0 || shape == 3 ? 0.0 : around * u_ground.a);
  vec3 shown = mix(u_ground.rgb, own.rgb, max(inside, step(around, 0.5)));
  if (alpha * v_look.z < 0.004) discard;
  colour = vec4(shown, 1.0) * alpha * v_look.z;
}`;

type Four = [number, number, number, number];

/** Colours are red, green, blue, alpha from 0 to 1. */
export interface Dress {
  colours: Four[];
  ground: Four;
}

/** Where the map's unit square is drawn just now, and on how many pixels. */
export interface View {
  matrix: ArrayLike<number>; // from the unit square to the card's, columns first
  zoom: number;
  width: number; // pixels of the canvas
  height: number;
  scale: number; // of them to a CSS pixel
}

/** How signs look, apart from what each row of the table says itself. */
export interface Manner {
  sizeAt: (zoom: number) => number; // CSS pixels
  clock: () => number; // seconds that the table's times are counted in
  dress: Dress; // the colours of the present theme
}

/** Draws one table of signs into one context of WebGL. */
export class SignPainter {
  readonly #program: WebGLProgram;
  readonly #rows: WebGLVertexArrayObject;
  readonly #buffer: WebGLBuffer;
  #held = 0; // bytes the card has room for
  #places = new Map<string, WebGLUniformLocation | null>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly signs: Signs,
    private readonly manner: Readonly<Manner>,
  ) {
    this.#program = link(gl, VERTEX, FRAGMENT);
    this.#rows = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    this.#describe();
    signs.isDirty = true;
  }

  dispose(): void {
    this.gl.deleteBuffer(this.#buffer);
    this.gl.deleteVertexArray(this.#rows);
    this.gl.deleteProgram(this.#program);
  }

  draw(view: View): void {
    const { gl, signs } = this;
    if (signs.count === 0) return;
    gl.useProgram(this.#program);
    gl.bindVertexArray(this.#rows);
    if (signs.isDirty) this.#upload();
    this.#tell(view);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, signs.count);
    gl.bindVertexArray(null);
  }

  #describe(): void {
    const { gl } = this;
    gl.bindVertexArray(this.#rows);
    const corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(this.#program, "a_corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    const columns: [string, number, number][] = [
      ["a_way", 4, 0],
      ["a_when", 3, 4],
      ["a_look", 4, 7],
    ];
    for (const [name, size, first] of columns) {
      const place = gl.getAttribLocation(this.#program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, WIDTH * 4, first * 4);
      gl.vertexAttribDivisor(place, 1);
    }
    gl.bindVertexArray(null);
  }

  #upload(): void {
    const { gl } = this;
    const { table, count } = this.signs;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (this.#held !== table.byteLength) {
      gl.bufferData(gl.ARRAY_BUFFER, table, gl.DYNAMIC_DRAW);
      this.#held = table.byteLength;
    } else {
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, table, 0, count * WIDTH);
    }
    this.signs.isDirty = false;
  }

  #tell({ matrix, zoom, width, height, scale }: View): void {
    const { gl, manner } = this;
    gl.uniformMatrix4fv(this.#place("u_matrix"), false, shifted(matrix, this.signs.origin));
    gl.uniform2f(this.#place("u_pixel"), scale / width, scale / height);
    gl.uniform1f(this.#place("u_now"), manner.clock());
    gl.uniform1f(this.#place("u_size"), manner.sizeAt(zoom));
    gl.uniform4fv(this.#place("u_colours"), manner.dress.colours.flat());
    gl.uniform4fv(this.#place("u_ground"), manner.dress.ground);
  }

  #place(name: string): WebGLUniformLocation | null {
    if (!this.#places.has(name))
      this.#places.set(name, this.gl.getUniformLocation(this.#program, name));
    return this.#places.get(name) ?? null;
  }
}

/** Return the matrix for coordinates that begin at `origin`; reckoned in double precision. */
export function shifted(
  matrix: ArrayLike<number>,
  { x, y }: { x: number; y: number },
): Float32Array {
  const result = Float64Array.from(matrix);
  for (let row = 0; row < 4; row++) {
    const at = (column: number) => matrix[column * 4 + row] ?? 0;
    result[12 + row] = at(0) * x + at(1) * y + at(3);
  }
  return Float32Array.from(result);
}

function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("The graphics card has gone.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getProgramInfoLog(program) ?? "The shader was not accepted.");
  return program;
}
