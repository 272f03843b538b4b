// The API reference, drawn from the OpenAPI document: no script from elsewhere.

const find = (id) => document.getElementById(id);

/** Return an element with attributes and children; text is always text, never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

async function begin() {
  const response = await fetch("../api/v1/openapi.json");
  const reference = await response.json();
  find("summary").textContent = reference.info.summary;
  for (const tag of reference.tags) find("reference").append(section(tag, reference.paths));
}

function section({ name, description }, paths) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags?.includes(name))
      .map(([method, operation]) => route(method, path, operation)));
  return make("section", {}, make("h2", {}, name), make("p", {}, description), ...operations);
}

function route(method, path, operation) {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in !== "cookie");
  return make("details", {},
    make("summary", {}, make("code", {}, `${method.toUpperCase()} ${path}`), ` ${operation.summary}`),
    make("pre", {}, operation.description ?? ""),
    parameters.length ? make("ul", {}, ...parameters.map(parameterLine)) : null,
    example(operation.requestBody),
    make("ul", {}, ...Object.entries(operation.responses).map(([status, { description }]) =>
      make("li", {}, make("code", {}, status), ` ${description.split("\n")[0]}`))));
}

const parameterLine = ({ name, in: place, required, description = "" }) =>
  make("li", {}, make("code", {}, name), ` ${place}${required ? ", required" : ""} ${description}`);

function example(body) {
  const [media, { example: shown } = {}] = Object.entries(body?.content ?? {})[0] ?? [];
  return shown ? make("pre", { class: "example" }, `${media}\n${JSON.stringify(shown, null, 2)}`) : null;
}

begin();
