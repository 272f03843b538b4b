// The parts of ECharts that we use, and our colours for them.

import {
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  PieChart,
  ScatterChart,
} from "echarts/charts";
import {
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import type { EChartsOption } from "echarts";
import { use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { colour } from "@/theme";

use([
  BarChart,
  CanvasRenderer,
  CustomChart,
  DataZoomComponent,
  DatasetComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  PieChart,
  ScatterChart,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
]);

export { init } from "echarts/core";
export type { EChartsType } from "echarts/core";
export type { EChartsOption };

// Okabe and Ito's palette without its black.
const PALETTE = ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2"];

/** Return what every chart has in common, in the colours of the present theme. */
export function common(): EChartsOption {
  const text = colour("text");
  const soft = colour("soft");
  return {
    color: PALETTE,
    backgroundColor: "transparent",
    animation: false,
    textStyle: { color: text, fontFamily: colour("font") },
    grid: { left: 8, right: 16, top: 32, bottom: 8, outerBoundsMode: "same" },
    legend: { top: 0, textStyle: { color: soft }, type: "scroll" },
    // Rich text: the site's Content-Security-Policy allows no style attributes.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
  };
}
