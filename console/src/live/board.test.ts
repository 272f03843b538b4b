import { describe, expect, it } from "vitest";

import { type Alert, Board, byUrgency } from "./board";

const alert = (said: Partial<Alert>): Alert =>
  ({
    alert_id: "a",
    seq: 1,
    priority: "low",
    state: "unacknowledged",
    raised_at: "2026-05-01T00:00:00Z",
    ...said,
  }) as Alert;

describe("the board", () => {
  it("never lets older news replace newer", () => {
    const board = new Board();
    board.take(alert({ seq: 5, state: "acknowledged" }));

    expect(board.take(alert({ seq: 4 }))).toBe(false);
    expect(board.open.get("a")?.state).toBe("acknowledged");
  });

  it("does not open a cleared alert again when late news comes", () => {
    const board = new Board();
    board.take(alert({ seq: 5, state: "normal" }));

    expect(board.take(alert({ seq: 4 }))).toBe(false);
    expect(board.open.size).toBe(0);
  });

  it("keeps what came while the list was being loaded", () => {
    const board = new Board();
    const news = alert({ alert_id: "b", seq: 9 });
    board.take(news);

    board.replace([alert({ seq: 3 })], [news]);

    expect([...board.open.keys()]).toEqual(["a", "b"]);
  });

  it("does not bring back what was cleared while the list was being loaded", () => {
    const board = new Board();
    const cleared = alert({ seq: 9, state: "normal" });
    board.take(cleared);

    board.replace([alert({ seq: 3 })], [cleared]);

    expect(board.open.size).toBe(0);
  });
});

describe("the order of work", () => {
  it("puts critical before low, untaken before taken, and what is put aside last", () => {
    const alerts = [
      alert({ alert_id: "shelved fire", priority: "critical", state: "shelved" }),
      alert({ alert_id: "low" }),
      alert({ alert_id: "taken fire", priority: "critical", state: "acknowledged" }),
      alert({ alert_id: "fire", priority: "critical" }),
    ];

    expect(alerts.toSorted(byUrgency).map(({ alert_id }) => alert_id)).toEqual([
      "fire",
      "taken fire",
      "low",
      "shelved fire",
    ]);
  });
});
