// What a rendered dashboard may say, in the types of @grafana/schema. Everything may be left out,
// as Grafana then takes its default; nothing may be there that Grafana does not know.

import type {
  AnnotationQuery,
  Dashboard,
  DataSourceRef,
  FieldConfig,
  GraphFieldConfig,
  Panel,
  RowPanel,
  TableFieldOptions,
  VariableModel,
} from "@grafana/schema";
import type * as BarChart from "@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen";
import type * as BarGauge from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as Geomap from "@grafana/schema/dist/esm/raw/composable/geomap/panelcfg/x/GeomapPanelCfg_types.gen";
import type * as PieChart from "@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen";
import type * as Stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as StateTimeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as Table from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type * as Text from "@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen";

/** A type as JSON has it: enums are their texts, and every part may be missing. */
export type Given<T> = T extends string
  ? `${T}`
  : T extends Array<infer U>
    ? Array<Given<U>>
    : T extends object
      ? { [K in keyof T]?: Given<T[K]> }
      : T;

/** A query to PostgreSQL; the schema has no type for it. */
export interface Target {
  refId: string;
  datasource: DataSourceRef;
  format: "time_series" | "table";
  editorMode: "code";
  rawQuery: true;
  rawSql: string;
  hide?: boolean;
}

/** What Grafana knows of variables beside the schema; `auto…` are of those of type interval. */
interface OfVariables {
  definition?: string;
  auto?: boolean;
  auto_count?: number;
  auto_min?: string;
}

/** The footer of tables up to Grafana 12; 13 has it with the columns and takes this over. */
interface OfTwelve {
  footer?: {
    countRows?: boolean;
    enablePagination?: boolean;
    fields?: string | string[];
    reducer?: string[];
    show?: boolean;
  };
}

interface Shape<Options, Custom = Record<string, never>> {
  options: Options;
  custom: Custom;
}

interface Shapes {
  barchart: Shape<BarChart.Options, BarChart.FieldConfig>;
  bargauge: Shape<BarGauge.Options>;
  geomap: Shape<Geomap.Options>;
  piechart: Shape<PieChart.Options>;
  stat: Shape<Stat.Options>;
  "state-timeline": Shape<StateTimeline.Options, StateTimeline.FieldConfig>;
  table: Shape<Table.Options & OfTwelve, TableFieldOptions>;
  text: Shape<Text.Options>;
  timeseries: Shape<GraphOptions, GraphFieldConfig>;
}

type GraphOptions =
  import("@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen").Options;

interface Fields<Custom> {
  defaults?: Given<Omit<FieldConfig, "custom">> & { custom?: Given<Custom> };
  overrides?: Array<{
    matcher: { id: string; options?: unknown };
    properties: Array<{ id: string; value?: unknown }>;
  }>;
}

/** A panel of one type, its options and its columns' settings included. */
export type PanelOf<T extends keyof Shapes> = Given<
  Omit<Panel, "fieldConfig" | "options" | "targets" | "type">
> & {
  type: T;
  targets: Target[];
  options?: Given<Shapes[T]["options"]>;
  fieldConfig?: Fields<Shapes[T]["custom"]>;
};

/** A heading; the panels in it are checked one by one. */
export type Row = Given<Omit<RowPanel, "panels">> & { panels?: never[] };

/** A dashboard without its panels. */
export type Frame = Given<Omit<Dashboard, "annotations" | "panels" | "templating">> & {
  panels?: never[];
  templating?: { list: Array<Given<VariableModel & OfVariables>> };
  annotations?: {
    list: Array<Given<Omit<AnnotationQuery, "target">> & { target?: Target }>;
  };
};
