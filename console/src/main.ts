// Wiring: the page, its addresses, its styles.

import { createApp } from "vue";

import "./styles/tokens.css";
import "./styles/base.css";

import App from "./App.vue";
import { router } from "./router";
import { recall } from "./session";
import { isChinese } from "./words/words";

document.documentElement.lang = isChinese() ? "zh-CN" : "en";
void recall();
createApp(App).use(router).mount("#console");
