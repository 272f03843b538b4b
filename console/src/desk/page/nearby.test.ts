import { expect, it } from "vitest";

import { sample } from "../sample";
import { contactsOf } from "./contacts";
import { atSameSite, metresBetween, withinReach } from "./nearby";

const HERE = { lon: 103.6, lat: 36.5 };
const places: Record<string, { lon: number; lat: number }> = {
  "unit-1": HERE,
  near: { lon: 103.603, lat: 36.5 },
  far: { lon: 103.7, lat: 36.5 },
};

it("measures along the earth", () => {
  expect(metresBetween(HERE, { lon: 103.6, lat: 37.5 })).toBeCloseTo(111_195, -2);
});

it("names what is wrong at the site, and near it, and nothing of itself", () => {
  const here = sample();
  const open = [
    here,
    sample({ alert_id: "b" }),
    sample({ alert_id: "c", site_id: "near" }),
    sample({ alert_id: "d", site_id: "far" }),
    sample({ alert_id: "e", site_id: null }),
  ];

  expect(atSameSite(here, open).map(({ alert_id }) => alert_id)).toEqual(["b"]);
  expect(withinReach(here, open, (id) => places[id]).map(({ alert }) => alert.alert_id)).toEqual([
    "c",
  ]);
});

it("finds whom to call among a site's attributes, in whatever shape they stand there", () => {
  expect(
    contactsOf({
      floors: 3,
      duty_phone: "0931-555 0101",
      contacts: [{ role: "消防负责人", name: "王强", phone: "13900000000" }],
    }),
  ).toEqual([
    { role: "duty_phone", text: "0931-555 0101", phone: "09315550101" },
    { role: "消防负责人", text: "王强 13900000000", phone: "13900000000" },
  ]);
  expect(contactsOf({ use: "学校" })).toEqual([]);
});
