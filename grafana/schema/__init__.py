"""Are the rendered dashboards what Grafana's own types allow? Asked of the TypeScript compiler."""
