/** What the page is asked for, in the address bar. */

/** @typedef {{state: string, source: string, unit: string, omission: string, q: string}} Asked */

const NAMES = /** @type {(keyof Asked)[]} */ (["state", "source", "unit", "omission", "q"]);

/** @returns {Asked & {id: string}} */
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  const of = (/** @type {string} */ name) => query.get(name) ?? "";
  return { state: of("state"), source: of("source"), unit: of("unit"), omission: of("omission"), q: of("q"), id: of("id") };
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
