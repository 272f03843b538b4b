"""Which alert is hidden under which other: always counted, so nothing vanishes unseen."""

from collections.abc import Iterator


class Under:
    """Each alert lies under one other at most; `changed` collects those whose count moved."""

    def __init__(self) -> None:
        """Begin with nothing hidden."""
        self._above: dict[str, str] = {}
        self._below: dict[str, dict[str, None]] = {}
        self.changed: set[str] = set()

    def __contains__(self, alert_id: object) -> bool:
        """Say whether the alert is hidden under another."""
        return alert_id in self._above

    def put(self, alert_id: str, above: str) -> None:
        """Hide an alert under another, wherever it was before."""
        if self._above.get(alert_id) != above:
            self.drop(alert_id)
            self._above[alert_id] = above
            self._below.setdefault(above, {})[alert_id] = None
            self.changed.add(above)

    def drop(self, alert_id: str) -> None:
        """Let an alert be hidden under none."""
        above = self._above.pop(alert_id, None)
        if above is not None:
            below = self._below[above]
            del below[alert_id]
            if not below:
                del self._below[above]
            self.changed.add(above)

    def above(self, alert_id: str) -> str | None:
        """Return the alert this one is hidden under."""
        return self._above.get(alert_id)

    def below(self, alert_id: str) -> list[str]:
        """Return what is hidden under this alert, in the order in which it was hidden."""
        return list(self._below.get(alert_id, ()))

    def count(self, alert_id: str) -> int:
        """Count what is hidden under this alert."""
        return len(self._below.get(alert_id, ()))

    def __iter__(self) -> Iterator[str]:
        """Go through everything that is hidden at this moment."""
        return iter(list(self._above))

    def take_changed(self) -> set[str]:
        """Hand over whose count has moved since the last time."""
        changed, self.changed = self.changed, set()
        return changed
