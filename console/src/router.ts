// Every address of the console. Rooms are loaded when they are first entered.

import { createRouter, createWebHistory } from "vue-router";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", redirect: "/wall" },
    { path: "/wall", name: "wall", component: () => import("./wall/WallRoom.vue") },
    { path: "/desk", name: "desk", component: () => import("./desk/DeskRoom.vue") },
    {
      path: "/alerts/:alertId",
      name: "alert",
      component: () => import("./desk/AlertRoom.vue"),
      props: true,
    },
    { path: "/sites", name: "sites", component: () => import("./sites/SitesRoom.vue") },
    {
      path: "/sites/:siteId",
      name: "site",
      component: () => import("./sites/SiteRoom.vue"),
      props: true,
    },
    {
      path: "/devices/:deviceId",
      name: "device",
      component: () => import("./sites/DeviceRoom.vue"),
      props: true,
    },
    { path: "/rules", name: "rules", component: () => import("./rules/RulesRoom.vue") },
    {
      path: "/rules/:ruleId",
      name: "rule",
      component: () => import("./rules/RuleRoom.vue"),
      props: true,
    },
    { path: "/shifts", name: "shifts", component: () => import("./shifts/ShiftsRoom.vue") },
    { path: "/quality", name: "quality", component: () => import("./quality/QualityRoom.vue") },
    { path: "/system", name: "system", component: () => import("./system/SystemRoom.vue") },
    { path: "/reports", name: "reports", component: () => import("./reports/ReportsRoom.vue") },
    { path: "/:nowhere(.*)*", name: "nowhere", component: () => import("./shell/NowhereRoom.vue") },
  ],
});
