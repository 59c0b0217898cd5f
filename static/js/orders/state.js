/** What the page is asked for, in the address bar. */

/** @typedef {{state: string, overdue: string, level: string, unit: string, kind: string, officer: string, subject: string, q: string}} Asked */

const NAMES = /** @type {(keyof Asked)[]} */ (["state", "overdue", "level", "unit", "kind", "officer", "subject", "q"]);

/** @returns {Asked & {id: string}} */
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  const asked = /** @type {Asked} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])));
  return { ...asked, id: query.get("id") ?? "" };
}

/** @param {Asked} asked @param {string} id "" for none */
export function toAddress(asked, id) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (asked[name]) query.set(name, asked[name]);
  if (id) query.set("id", id);
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
}

/** As the service takes it. @param {Asked} asked @returns {Record<string, string|null>} */
export function params(asked) {
  return Object.fromEntries(NAMES.map((name) => [name, asked[name] || null]));
}
