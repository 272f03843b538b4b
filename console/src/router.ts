// Every address of the console. Rooms are loaded when they are first entered.

import { createRouter, createWebHistory } from "vue-router";

import { room, survive } from "./newBuild";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", redirect: "/wall" },
    { path: "/wall", name: "wall", component: room(() => import("./wall/WallRoom.vue")) },
    { path: "/desk", name: "desk", component: room(() => import("./desk/DeskRoom.vue")) },
    {
      path: "/alerts/:alertId",
      name: "alert",
      component: room(() => import("./desk/AlertRoom.vue")),
      props: true,
    },
    { path: "/sites", name: "sites", component: room(() => import("./sites/SitesRoom.vue")) },
    {
      path: "/sites/:siteId",
      name: "site",
      component: room(() => import("./sites/SiteRoom.vue")),
      props: true,
    },
    {
      path: "/devices/:deviceId",
      name: "device",
      component: room(() => import("./sites/DeviceRoom.vue")),
      props: true,
    },
    { path: "/rules", name: "rules", component: room(() => import("./rules/RulesRoom.vue")) },
    {
      path: "/rules/:ruleId",
      name: "rule",
      component: room(() => import("./rules/RuleRoom.vue")),
      props: true,
    },
    { path: "/shifts", name: "shifts", component: room(() => import("./shifts/ShiftsRoom.vue")) },
    {
      path: "/quality",
      name: "quality",
      component: room(() => import("./quality/QualityRoom.vue")),
    },
    { path: "/system", name: "system", component: room(() => import("./system/SystemRoom.vue")) },
    {
      path: "/reports",
      name: "reports",
      component: room(() => import("./reports/ReportsRoom.vue")),
    },
    {
      path: "/:nowhere(.*)*",
      name: "nowhere",
      component: room(() => import("./shell/NowhereRoom.vue")),
    },
  ],
});

survive(router);
