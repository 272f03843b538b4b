"""What Prometheus may know of the engine."""

from prometheus_client import Counter, Gauge, Histogram

TRANSITIONS = Counter(
    "alerts_transitions_total", "Transitions written to the journal", ["transition", "priority"]
)
DELIVERIES = Counter("alerts_deliveries_total", "Messages taken from the broker", ["outcome"])
JUDGED = Gauge("alerts_values_judged", "Values and signals judged since the start")
UNJUDGED = Gauge("alerts_values_unjudged", "Values that were late, doubtful or out of order")
WAITING = Gauge("alerts_deliveries_waiting", "Messages received and not yet judged")
OPEN = Gauge("alerts_open", "Alerts on the board")
COMMIT_SECONDS = Histogram(
    "alerts_journal_commit_seconds",
    "Time to put one turn's changes on disk",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1),
)
UNPROJECTED = Gauge("alerts_unprojected", "Transitions the database does not have yet")
