// Everything live on one map: sites by their worst alert, lamps, trucks, coloured cells. Nothing in
// here is reactive: the page's own work per frame is a handful of numbers.

import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

import type { Mark } from "@/parts/shapes";

import { colours, lampDress, truckDress } from "./colours";
import { Fleet, type Vehicle } from "./fleet";
import { LETTERS, NAMES, partOfName } from "./ground";
import { iconOf, putIcons } from "./icons";
import { type Lamps, type LampState, placeLamps } from "./lamps";
import { changesOf, type MapSite, MARKS, type Marks } from "./marks";
import { type Place, xOf } from "./mercator";
import { SignLayer } from "./signLayer";
import { SignOverlay } from "./signOverlay";
import { Signs } from "./signs";
import { type NearWater, waterSigns } from "./water";
import { addWater, drawWater, tintWater } from "./waterLayer";

export type Thing = { kind: "site" | "vehicle" | "lamp"; id: string };
export type LayerName = "cells" | "sites" | "lamps" | "trucks" | "fire-water" | "names";

const REACH_PX = 14;
const clock = (): number => performance.now() / 1000;
const between = (low: number, high: number, value: number): number =>
  Math.min(Math.max(value, low), high);

/** Sizes in CSS pixels from the middle to the edge, by zoom. */
const lampSize = (zoom: number): number => between(3, 13, 3 + (zoom - 11.5) * 2.2);
const truckSize = (zoom: number): number => between(10, 20, 11 + (zoom - 12) * 2.4);

export class LiveMap {
  readonly fleet: Fleet;
  readonly sites = new Map<string, MapSite>();
  readonly lampStates = new Map<string, LampState>();
  readonly #lamps: SignLayer;
  readonly #trucks: SignOverlay;
  #marks: Marks = { sites: new Map(), devices: new Map(), grids: new Map() };

  constructor(
    readonly map: MapLibre,
    isStill: () => boolean,
  ) {
    const { lng, lat } = map.getCenter();
    const around = { lon: lng, lat };
    const tints = colours();
    const lamps = { sizeAt: lampSize, clock, dress: lampDress(tints) };
    this.#lamps = new SignLayer("lamps", map, new Signs(around), lamps);
    const trucks = { sizeAt: truckSize, clock, dress: truckDress(tints) };
    this.#trucks = new SignOverlay(map, new Signs(around), trucks);
    this.fleet = new Fleet(this.#trucks.signs, isStill);
    putIcons(map, tints);
    this.#addLayers();
  }

  #addLayers(): void {
    const { map } = this;
    map.addLayer(this.#lamps, NAMES[0]?.id);
    map.addSource("sites", { type: "geojson", data: collection([]), promoteId: "site_id" });
    map.addLayer({
      id: "sites",
      type: "symbol",
      source: "sites",
      layout: {
        "icon-image": ["get", "icon"],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.62, 13, 0.85, 16, 1.15],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": ["get", "order"],
        "text-field": ["step", ["zoom"], "", 14.5, ["get", "label"]],
        "text-font": [LETTERS],
        "text-size": 12,
        "text-anchor": "top",
        "text-offset": [0, 1],
        "text-optional": true,
      },
    });
    addWater(map);
    this.#tintNames();
  }

  /** Take the sites of the registry. */
  takeSites(sites: readonly MapSite[], isChinese: boolean): void {
    this.sites.clear();
    for (const site of sites) this.sites.set(site.site_id, site);
    this.#drawSites(isChinese);
  }

  /** Show what is open where; only what changed is touched. */
  takeMarks(marks: Marks, isChinese: boolean): void {
    const { map } = this;
    for (const [code, mark] of changesOf(this.#marks.grids, marks.grids))
      map.setFeatureState({ source: "cells", id: code }, { mark });
    const hasNews = changesOf(this.#marks.sites, marks.sites).size > 0;
    this.#marks = marks;
    if (hasNews) this.#drawSites(isChinese);
  }

  /** Show the water near an emergency. */
  takeWater(near: readonly NearWater[]): void {
    drawWater(this.map, waterSigns(near, this.sites));
  }

  takeLamps(lamps: Lamps): void {
    if (placeLamps(this.#lamps.signs, lamps, this.lampStates) > 0) this.map.triggerRepaint();
  }

  /** Take news of vehicles; `isWhole`: those that are not in it are gone. */
  takeVehicles(news: readonly Vehicle[], isWhole: boolean, now: Date): void {
    if (isWhole) this.fleet.keepOnly(new Set(news.map(({ device_id }) => device_id)));
    this.fleet.take(news, clock(), now);
    this.#trucks.busyUntil = this.fleet.busyUntil;
    if (this.#trucks.signs.isDirty) this.#trucks.redraw();
  }

  /** Let vehicles that are not heard of look their age. */
  fade(now: Date): void {
    if (this.fleet.fade(now)) this.#trucks.redraw();
  }

  show(name: LayerName, isShown: boolean): void {
    if (name === "lamps") this.#lamps.isShown = isShown;
    else if (name === "trucks") this.#trucks.isShown = isShown;
    else {
      const visibility = isShown ? "visible" : "none";
      const layers = name === "names" ? NAMES.map(({ id }) => id) : [name];
      for (const layer of layers) this.map.setLayoutProperty(layer, "visibility", visibility);
    }
    this.map.triggerRepaint();
  }

  /** Put on the colours of the present theme. */
  dress(): void {
    const tints = colours();
    this.#lamps.manner.dress = lampDress(tints);
    this.#trucks.manner.dress = truckDress(tints);
    putIcons(this.map, tints);
    tintWater(this.map);
    this.#tintNames();
    this.map.triggerRepaint();
  }

  /** Return what is drawn at a point of the canvas: a vehicle before a site before a lamp. */
  thingAt(point: { x: number; y: number }): Thing | null {
    const { x, y } = point;
    const here = this.map.unproject([x, y]);
    const at = { lon: here.lng, lat: here.lat };
    const reach = Math.abs(xOf(this.map.unproject([x + REACH_PX, y]).lng) - xOf(here.lng));
    const vehicle = this.#trucks.isShown && this.#trucks.signs.nearest(at, reach, clock());
    if (vehicle) return { kind: "vehicle", id: vehicle };
    const [site] = this.map.queryRenderedFeatures(
      [
        [x - REACH_PX / 2, y - REACH_PX / 2],
        [x + REACH_PX / 2, y + REACH_PX / 2],
      ],
      { layers: ["sites"] },
    );
    if (site) return { kind: "site", id: String(site.properties["site_id"]) };
    const lamp = this.#lamps.isShown && this.#lamps.signs.nearest(at, reach / 2, 0);
    return lamp ? { kind: "lamp", id: lamp } : null;
  }

  /** Return where a thing is drawn just now. */
  placeOf({ kind, id }: Thing): Place | null {
    if (kind === "site") return this.sites.get(id) ?? null;
    return (kind === "vehicle" ? this.#trucks : this.#lamps).signs.placeOf(id, clock());
  }

  stop(): void {
    this.#trucks.stop();
  }

  #drawSites(isChinese: boolean): void {
    const features = [...this.sites.values()].map((site) => {
      const mark = this.#marks.sites.get(site.site_id) ?? "normal";
      return feature(site, mark, partOfName(site.name, isChinese));
    });
    this.map.getSource<GeoJSONSource>("sites")?.setData(collection(features));
  }

  #tintNames(): void {
    const { text, ground } = colours();
    this.map.setPaintProperty("sites", "text-color", text);
    this.map.setPaintProperty("sites", "text-halo-color", ground);
    this.map.setPaintProperty("sites", "text-halo-width", 1.5);
  }
}

type Feature = ReturnType<typeof feature>;

const collection = (features: Feature[]) => ({ type: "FeatureCollection" as const, features });

const feature = ({ site_id, kind, lon, lat }: MapSite, mark: Mark, label: string) => ({
  type: "Feature" as const,
  geometry: { type: "Point" as const, coordinates: [lon, lat] },
  properties: { site_id, label, icon: iconOf(kind, mark), order: -MARKS.indexOf(mark) },
});
