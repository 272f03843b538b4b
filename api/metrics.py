"""What Prometheus can see of the api."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "yiwang_api_request_seconds",
    "Time to answer a request, streams excluded",
    ["method", "route", "status"],
)
LISTENERS = Gauge("yiwang_api_stream_listeners", "Open live streams")
LISTENERS_DROPPED = Counter(
    "yiwang_api_stream_listeners_dropped", "Streams ended because the client was too slow"
)
TRANSITIONS = Counter("yiwang_api_alert_transitions", "Alert transitions received live")
CATCH_UPS = Counter("yiwang_api_catch_ups", "Times the engine was asked for missed transitions")
OPEN_ALERTS = Gauge("yiwang_api_open_alerts", "Open alerts as the page shows them", ["priority"])
DATABASE_UP = Gauge("yiwang_api_database_up", "1 while the database answers the api")
BROKER_UP = Gauge("yiwang_api_broker_up", "1 while the api is connected to the broker")
AUDIT_WAITING = Gauge("yiwang_api_audit_waiting", "Audit entries not yet in the database")
AUDIT_DROPPED = Counter("yiwang_api_audit_dropped", "Audit entries lost to a full queue")
FAILED_SIGN_INS = Counter("yiwang_api_failed_sign_ins", "Sign-ins with a wrong name or password")
