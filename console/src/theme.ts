// Dark for the room with the wall, light for an office by day; kept per browser.

import { ref, watchEffect } from "vue";

const KEPT = "yiwang-theme";
export type Theme = "dark" | "light";

const kept = localStorage.getItem(KEPT);
const preferred = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";

/** The page's theme; the wall is dark unless somebody says otherwise. */
export const theme = ref<Theme>(kept === "light" || kept === "dark" ? kept : preferred);

/** Switch between dark and light, and remember it in this browser. */
export function switchTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEPT, theme.value);
}

watchEffect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

/** Return a colour of the theme by its name in `styles/tokens.css`. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
