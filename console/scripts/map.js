// The city on one sheet, drawn from the registry alone: no tiles, nothing from outside.

import { draw, find, icon, make, shape } from "./elements.js";
import { inLanguage, say } from "./words.js";

const WIDTH = 1000;
const MARGIN = 46;
const KILOMETRES_PER_DEGREE = 111.2;
const KINDS = ["critical", "high", "medium", "low", "offline", "normal"];

export class CityMap {
  #sites = new Map(); // site id -> { feature, mark }
  #desk;
  #chosen = null;
  #features = [];
  #cells = [];

  constructor(desk) {
    this.#desk = desk;
    new ResizeObserver(() => this.#lay()).observe(find("city"));
  }

  /** Return the name of a site; its id where it is not on the map. */
  nameOf(siteId) {
    return this.#sites.get(siteId)?.feature.properties.name ?? siteId;
  }

  /** Show these sites on the outlines of these grid cells. */
  take(features, cells) {
    this.#features = features;
    this.#cells = cells;
    this.#lay();
  }

  #lay() {
    const [city, features] = [find("city"), this.#features];
    const height = (WIDTH * city.clientHeight) / Math.max(city.clientWidth, 1) || WIDTH;
    const project = projection(features.map((feature) => feature.geometry.coordinates), height);
    this.#sites.clear();
    const marks = features.map((feature) => this.#mark(feature, project));
    city.setAttribute("viewBox", `0 0 ${WIDTH} ${height.toFixed(0)}`);
    city.replaceChildren(
      draw("g", { class: "cells" }, ...this.#cells.map((cell) => outline(cell, project))),
      draw("g", { class: "sites" }, ...marks), ring(), scaleBar(project.perKilometre, height));
    find("place").textContent = features.length ? "" : say("mapEmpty");
    this.render();
  }

  /** Colour and shape every site by its worst open alert; the worst are drawn last, on top. */
  render() {
    const states = this.#desk.bySite();
    for (const [siteId, site] of this.#sites) dressMark(site, states.get(siteId));
    const layer = find("city").querySelector(".sites");
    layer?.append(...[...layer.children].sort((a, b) => severity(b) - severity(a)));
    if (this.#chosen) this.show(this.#chosen);
  }

  /** Point at a site and say what it is. */
  show(siteId) {
    const site = this.#sites.get(siteId);
    this.#chosen = site ? siteId : null;
    find("city").querySelector(".ring")?.setAttribute("transform", site?.at ?? "translate(-99 -99)");
    if (site) find("place").textContent = this.#describe(site.feature);
  }

  drawLegend() {
    find("legend").replaceChildren(...KINDS.map((kind) => make("li", {}, icon(kind), say(kind))));
    this.#relabel();
  }

  #mark(feature, project) {
    const { site_id: siteId } = feature.properties;
    const [x, y] = project(feature.geometry.coordinates);
    const at = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
    const mark = draw("g", { class: "site", transform: at, tabindex: "0", role: "img" });
    for (const event of ["mouseenter", "focus", "click"]) {
      mark.addEventListener(event, () => this.show(siteId));
    }
    this.#sites.set(siteId, { feature, mark, at, kind: null });
    return mark;
  }

  #describe({ properties }) {
    const found = this.#desk.bySite().get(properties.site_id);
    const alerts = found ? say("alertsHere", { count: found.count }) : say("noAlertsHere");
    const worst = found ? ` — ${inLanguage(found.worst, "title")}` : "";
    const devices = say("devicesHere", { count: properties.devices });
    return [properties.name, properties.address, devices, alerts + worst].filter(Boolean).join(" · ");
  }

  #relabel() {
    for (const site of this.#sites.values()) site.kind = null;
    this.render();
  }
}

function dressMark(site, state) {
  const kind = kindOf(state);
  const untaken = state && state.worst.state !== "acknowledged";
  site.mark.setAttribute("class", `site ${kind} ${untaken ? "untaken" : ""}`);
  if (kind === site.kind) return;
  site.kind = kind;
  site.mark.replaceChildren(draw("circle", { r: 16, class: "reach" }), shape(kind));
  site.mark.setAttribute("aria-label", `${site.feature.properties.name} ${say(kind)}`);
}

function kindOf(state) {
  if (!state) return "normal";
  return state.worst.kind === "offline" ? "offline" : state.worst.priority;
}

const severity = (mark) => KINDS.findIndex((kind) => mark.classList.contains(kind));

/** Return a function from longitude and latitude to a sheet of this height, north up, undistorted. */
function projection(places, height) {
  const lons = places.map(([lon]) => lon);
  const lats = places.map(([, lat]) => lat);
  const [west, east, south, north] = places.length
    ? [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
    : [0, 1, 0, 1];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, tall] = [Math.max((east - west) * shrink, 1e-4), Math.max(north - south, 1e-4)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall);
  const left = (WIDTH - wide * scale) / 2;
  const top = (height - tall * scale) / 2;
  const project = ([lon, lat]) => [left + (lon - west) * shrink * scale, top + (north - lat) * scale];
  project.perKilometre = scale / KILOMETRES_PER_DEGREE;
  return project;
}

/** Draw the outline of a grid cell; GeoJSON polygons, holes included. */
function outline({ code, geometry }, project) {
  const polygons = geometry?.type === "MultiPolygon" ? geometry.coordinates : [geometry?.coordinates ?? []];
  const ringOf = (positions) => `M${positions.map((place) => project(place).map((x) => x.toFixed(1))).join("L")}Z`;
  return draw("path", { d: polygons.flat().map(ringOf).join(""), class: `level-${code.length / 3 - 1}` });
}

function scaleBar(perKilometre, height) {
  const kilometres = [50, 20, 10, 5, 2, 1].find((length) => length * perKilometre < WIDTH / 4) ?? 0.5;
  const length = (kilometres * perKilometre).toFixed(1);
  return draw("g", { class: "scale", transform: `translate(20 ${(height - 18).toFixed(0)})` },
    draw("path", { d: `M0-6V0H${length}V-6` }), draw("text", { x: length, dx: 8 }, `${kilometres} km`));
}

const ring = () => draw("circle", { r: 22, class: "ring", transform: "translate(-99 -99)", "aria-hidden": "true" });
