// The people of a site, as far as the registry knows them: attributes that name a contact.

export interface Contact {
  role: string; // the attribute's name, or what the contact itself says
  text: string;
  phone: string | null;
}

const NAMES = /contact|duty|phone|mobile|tel$|manager|liable|联系|电话|负责|值班/i;
const PHONE = /\+?\d[\d -]{5,}\d/;

/** Return whom to call, read from a site's attributes; empty where nobody is registered. */
export function contactsOf(attributes: Record<string, unknown>): Contact[] {
  return Object.entries(attributes)
    .filter(([name]) => NAMES.test(name))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => contact(name, one)),
    )
    .filter((one) => one !== null);
}

function contact(name: string, value: unknown): Contact | null {
  if (typeof value === "string" || typeof value === "number") return spoken(name, String(value));
  if (value === null || typeof value !== "object") return null;
  const fields = value as Record<string, unknown>;
  const role = typeof fields["role"] === "string" ? fields["role"] : name;
  const text = Object.entries(fields)
    .filter(([field, said]) => field !== "role" && ["string", "number"].includes(typeof said))
    .map(([, said]) => String(said))
    .join(" ");
  return spoken(role, text);
}

function spoken(role: string, text: string): Contact | null {
  if (!text.trim()) return null;
  return { role, text: text.trim(), phone: PHONE.exec(text)?.[0].replaceAll(/[ -]/g, "") ?? null };
}
