// Axes and legend in the colours of the theme; a chart that uses them is drawn anew with the theme.

import { colour, theme } from "@/theme";

/** Return how an axis is drawn. */
export function axis() {
  const [soft, line] = [shade("soft"), shade("line")];
  return {
    axisLabel: { color: soft },
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
}

/** Return the legend over the chart, where no axis is. */
export const legend = () => ({
  top: 0,
  type: "scroll" as const,
  textStyle: { color: shade("soft") },
});

/** Return the text beside a mark. */
export const label = () => ({ color: shade("text"), textBorderWidth: 0 });

// Names the theme, so that whoever computes an option computes it again when the theme changes.
const shade = (name: string): string => (theme.value ? colour(name) : "");
