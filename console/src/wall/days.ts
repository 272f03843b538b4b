// Today beside yesterday: rows for the table, two curves for each small chart.

import type { Schemas } from "@/api/client";
import { countOf, percentOf } from "@/parts/rates";
import { dayOf, spanOf } from "@/words/instants";

export type Today = Schemas["Today"];
type Figure = Schemas["Compared"]["figure"];

const RATES = new Set<Figure>(["online_rate", "pass_rate", "lighting_rate"]);

export interface Row {
  figure: Figure;
  today: string;
  yesterday: string;
  change: "more" | "less" | "same" | "unknown";
}

/** Return the figures as people read them, and which way each has gone. */
export const rowsOf = ({ figures }: Today): Row[] =>
  figures.map(({ figure, today, yesterday }) => ({
    figure,
    today: textOf(figure, today),
    yesterday: textOf(figure, yesterday),
    change:
      today === null || yesterday === null
        ? "unknown"
        : today > yesterday
          ? "more"
          : today < yesterday
            ? "less"
            : "same",
  }));

function textOf(figure: Figure, value: number | null): string {
  if (value === null) return "—";
  if (figure === "acknowledge_s") return spanOf(value);
  return RATES.has(figure) ? percentOf(value) : countOf(value);
}

export interface Curves {
  today: (number | null)[]; // 24 hours; null: not over yet
  yesterday: (number | null)[];
}

/** Return the hours of both days for one figure. */
export function curvesOf({ at, hours }: Today, figure: "alerts" | "messages"): Curves {
  const day = dayOf(new Date(at));
  const curves: Curves = { today: Array(24).fill(null), yesterday: Array(24).fill(null) };
  for (const [index, hour] of hours.entries()) {
    const curve = dayOf(new Date(hour.at)) === day ? curves.today : curves.yesterday;
    curve[index % 24] = hour[figure];
  }
  return curves;
}
