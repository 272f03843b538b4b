// The grid as a tree: district, street, community, cell.

import type { Place } from "./asking";

export interface Branch {
  place: Place;
  under: Branch[];
}

/** Return the roots of the tree; a place whose parent is not there is a root itself. */
export function treeOf(places: readonly Place[]): Branch[] {
  const branches = new Map(places.map((place) => [place.code, { place, under: [] as Branch[] }]));
  const roots: Branch[] = [];
  for (const branch of branches.values())
    (branches.get(branch.place.parent ?? "")?.under ?? roots).push(branch);
  return roots;
}

/** Return the names from the district down to a place. */
export function pathOf(places: readonly Place[], code: string): Place[] {
  const byCode = new Map(places.map((place) => [place.code, place]));
  const path: Place[] = [];
  for (
    let place = byCode.get(code);
    place && path.length < 8;
    place = byCode.get(place.parent ?? "")
  )
    path.unshift(place);
  return path;
}
