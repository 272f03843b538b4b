import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";

import site from "./vite.config";

export default mergeConfig(
  site,
  defineConfig({
    test: {
      environment: "happy-dom",
      pool: "threads",
      isolate: false,
      setupFiles: ["src/words/eachTest.ts"],
      include: ["src/**/*.test.ts"],
    },
  }),
);
