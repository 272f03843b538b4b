"""Dashboards as code: rendered to files that Grafana loads, or pushed to one that runs already."""
