import { expect, it } from "vitest";

import { sample } from "../sample";
import { contentsOf, type Handover, listed, missingFrom, preview } from "./contents";

const OPEN = [
  sample(),
  sample({ alert_id: "b", state: "acknowledged", assigned_to: "li" }),
  sample({ alert_id: "c", state: "shelved" }),
  sample({ alert_id: "d", state: "returned_unacknowledged" }),
];

it("leaves nothing that is open out of the list", () => {
  const contents = preview(OPEN, "li", []);

  expect(listed(contents)).toEqual(new Set(["a", "b", "c", "d"]));
  expect(contents.sections.assigned.map(({ alert_id }) => alert_id)).toEqual(["b"]);
  expect(missingFrom(contents, OPEN)).toEqual([]);
});

it("names what has come since the list was composed", () => {
  const contents = preview(OPEN, "li", []);

  const found = missingFrom(contents, [...OPEN, sample({ alert_id: "new" })]);

  expect(found.map(({ alert_id }) => alert_id)).toEqual(["new"]);
});

it("reads a list of the engine, whatever it leaves out", () => {
  const handover = { contents: { unacknowledged: [{ alert_id: "a" }] } } as unknown as Handover;

  const contents = contentsOf(handover);

  expect(listed(contents)).toEqual(new Set(["a"]));
  expect([contents.overdue, contents.windows, contents.sections.shelved]).toEqual([[], [], []]);
});
