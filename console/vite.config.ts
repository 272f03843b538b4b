import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// Built into `built/`, which is committed: whoever runs the system needs no Node (docs/adr/0016).
export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  worker: { format: "es" },
  build: {
    outDir: "built",
    target: "es2023",
    chunkSizeWarningLimit: 1500, // the map's library
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries apart: their files stay the same when only our own code changes.
          groups: [
            { name: "map", test: /node_modules[\\/]maplibre-gl/ },
            { name: "charts", test: /node_modules[\\/](echarts|zrender)/ },
            { name: "vue", test: /node_modules[\\/](@vue|vue|vue-router)/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: process.env["VITE_API"] ?? "http://127.0.0.1:8000" } } },
});
