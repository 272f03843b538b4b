"""Prometheus pages of programs that have no web server of their own."""

from prometheus_client import start_http_server


def serve_metrics(port: int) -> None:
    """Serve this process's metrics on loopback; port 0 serves nothing."""
    if port:
        start_http_server(port, addr="127.0.0.1")
