// Which names of a desk's scope belong to no site: a desk with a mistyped scope is given nothing.

import { api, asked, everyPage } from "@/api/client";
import { useAsked } from "@/parts/useAsked";

import { type Desk } from "./deskDraft";
import { strangersIn } from "./deskDoubts";

const allSites = () =>
  everyPage((cursor) =>
    asked(
      api.GET("/api/v1/sites", { params: { query: { limit: 1000, ...(cursor && { cursor }) } } }),
    ),
  );

/** Return the names of the scope's places that no registered site bears or lies in. */
export function useStrangers(scope: () => Desk["scope"]) {
  const placesIn = ({ districts, sites, grids }: Desk["scope"]) => [
    ...districts,
    ...sites,
    ...grids,
  ];
  return useAsked(
    async () => (placesIn(scope()).length ? strangersIn(scope(), await allSites()) : []),
    () => placesIn(scope()).join(" "),
  ).answer;
}
