// The sources of figures: the domains of the catalogue, and what comes from nobody we know.

import { domainName as known } from "@/sites/names";
import { isChinese } from "@/words/words";

/** Return what a domain or source is called in the page's language. */
export function domainName(id: string): string {
  if (id === "unknown") return isChinese() ? "未登记" : "Not registered";
  return known(id);
}
