// The summary of the city that the stream sends each second (`api/city.py`).

export interface Health {
  state: "up" | "degraded" | "down";
  age_s: number | null;
  sentence: string;
  sentence_zh: string;
}

export type Part = "broker" | "ingest" | "alerts" | "database";

/** A figure whose source is silent is null, never an old one. */
export interface City {
  at: string;
  units_total: number | null;
  units_online: number | null;
  units_unheard: number | null;
  devices_total: number | null;
  devices_online: number | null;
  devices_unheard: number | null;
  open_alerts: Record<"critical" | "high" | "medium" | "low", number>;
  unacknowledged: number;
  held: number;
  drill: number;
  folded: number;
  messages_per_second: number | null;
  newest_data_age_s: number | null;
  in_flight: number | null;
  spooled: number | null;
  spool_hours_left: number | null;
  oldest_uncommitted_s: number | null;
  parts: Record<Part, Health>;
}
