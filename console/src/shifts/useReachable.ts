// Whom a desk may name: who takes alerts, who can be told and by which channels.

import { api, asked } from "@/api/client";
import { useAsked } from "@/parts/useAsked";
import { profiles } from "@/sites/asking";

export interface Reachable {
  domains: string[];
  people: { value: string; name: string }[]; // who signs in or can be told
  told: string[]; // who of them can be told
  channels: string[];
}

/** Ask for everybody and everything a desk may name; a supervisor is told, an officer is not. */
export const useReachable = () =>
  useAsked<Reachable>(async () => {
    const [officers, reachable, kinds] = await Promise.all([
      asked(api.GET("/api/v1/officers")),
      asked(api.GET("/api/v1/people")),
      profiles(),
    ]);
    const names = new Map<string, string>();
    const told = reachable.people.map(({ username }) => username);
    for (const username of told) names.set(username, username);
    for (const { username, full_name } of officers.items)
      names.set(username, full_name ? `${full_name} (${username})` : username);
    return {
      domains: [...new Set([...kinds.values()].map(({ domain }) => domain))].toSorted(),
      people: [...names].map(([value, name]) => ({ value, name })),
      told,
      channels: reachable.channels.map(({ name }) => name),
    };
  });
