// Making elements: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const find = (id) => document.getElementById(id);

/** Return an HTML element with attributes and children (elements or text). */
export const make = (name, attributes = {}, ...children) =>
  dress(document.createElement(name), attributes, children);

/** Return an SVG element. */
export const draw = (name, attributes = {}, ...children) =>
  dress(document.createElementNS(SVG, name), attributes, children);

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Each priority has a shape of its own, so that nobody depends on its colour.
const SHAPES = {
  critical: "M0-10 10 0 0 10-10 0Z",
  high: "M0-9 9.5 8-9.5 8Z",
  medium: "M-7.5-7.5h15v15h-15Z",
  low: "M0-7a7 7 0 1 0 .01 0Z",
  offline: "M-6-8 0-2 6-8 8-6 2 0 8 6 6 8 0 2-6 8-8 6-2 0-8-6Z",
  normal: "M0-4.5a4.5 4.5 0 1 0 .01 0Z",
};

/** Return the shape of a priority as a path to stand on a map or in a list. */
export const shape = (kind) => draw("path", { d: SHAPES[kind], class: `shape ${kind}` });

/** Return the shape as a small picture of its own. */
export const icon = (kind) =>
  draw("svg", { class: "icon", viewBox: "-12 -12 24 24", "aria-hidden": "true" }, shape(kind));
