// An alert for tests: a fire nobody has taken, and whatever is said otherwise.

import type { Alert } from "@/live/board";

export const sample = (said: Partial<Alert> = {}): Alert =>
  ({
    alert_id: "a",
    seq: 1,
    priority: "critical",
    state: "unacknowledged",
    transition: "raised",
    domain: "fire",
    desk_id: "fire",
    district: "620171",
    site_id: "unit-1",
    device_id: "smoke-1",
    title_zh: "火警",
    title_en: "Fire",
    raised_at: "2026-05-01T00:00:00Z",
    detected_at: "2026-05-01T00:00:00Z",
    updated_at: "2026-05-01T00:00:00Z",
    acknowledged_by: null,
    hold: null,
    ...said,
  }) as Alert;
