// What the rooms of sites and devices say.

import { phrases } from "@/words/words";

import * as device from "./deviceWords";
import * as place from "./placeWords";
import * as track from "./trackWords";

export const say = phrases(
  { ...place.zh, ...device.zh, ...track.zh },
  { ...place.en, ...device.en, ...track.en },
);
