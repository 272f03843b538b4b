// Dangers to life on the map: a button each, above everything else, reachable by keyboard.

import { type Map as MapLibre, Marker } from "maplibre-gl";

import "./dangers.css";

import type { Alert } from "@/live/board";
import { inLanguage } from "@/words/words";

import type { MapSite } from "./marks";
import { say } from "./words";

const AT_MOST = 20;

const keyOf = (alert: Alert, { name }: MapSite): string =>
  [alert.alert_id, !alert.acknowledged_at, alert.drill, name, inLanguage(alert, "title")].join("/");

export class DangerMarks {
  readonly #markers = new Map<string, Marker>();

  constructor(
    private readonly map: MapLibre,
    private readonly onPick: (alert: Alert) => void,
  ) {}

  /** Show these, at most twenty: one per site, the first of each. What stays is left alone. */
  show(alerts: readonly Alert[], sites: ReadonlyMap<string, MapSite>): void {
    const wanted = new Map<string, [Alert, MapSite]>();
    for (const alert of alerts) {
      const site = alert.site_id ? sites.get(alert.site_id) : undefined;
      if (site && wanted.size < AT_MOST && !wanted.has(site.site_id))
        wanted.set(site.site_id, [alert, site]);
    }
    const keys = new Map([...wanted.values()].map((pair) => [keyOf(...pair), pair]));
    for (const [key, marker] of this.#markers)
      if (!keys.has(key)) {
        marker.remove();
        this.#markers.delete(key);
      }
    for (const [key, [alert, site]] of keys)
      if (!this.#markers.has(key)) this.#markers.set(key, this.#put(alert, site));
  }

  #put(alert: Alert, { name, lon, lat }: MapSite): Marker {
    const element = this.#button(alert, name);
    const marker = new Marker({ element }).setLngLat([lon, lat]).addTo(this.map);
    element.setAttribute("aria-label", element.title); // MapLibre has called it "Map marker"
    return marker;
  }

  clear(): void {
    for (const marker of this.#markers.values()) marker.remove();
    this.#markers.clear();
  }

  #button(alert: Alert, place: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `danger-mark ${alert.acknowledged_at ? "taken" : "untaken"}`;
    if (alert.drill) button.classList.add("drill");
    button.title = say("danger", { title: inLanguage(alert, "title"), place });
    const sign = document.createElement("span");
    sign.textContent = "!";
    button.append(sign);
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.onPick(alert);
    });
    return button;
  }
}
