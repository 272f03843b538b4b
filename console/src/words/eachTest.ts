// Run with every test file: they share one module registry, so a switch of the language stays.

import { beforeEach } from "vitest";

import { language } from "./words";

beforeEach(() => {
  language.value = "zh";
});
