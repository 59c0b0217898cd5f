/** What the page is asked for, in the address bar. */

/** @typedef {import("./types.js").Asked} Asked */

const NAMES = /** @type {(keyof Asked)[]} */ (["state", "checked", "findings", "q"]);
/** @type {Asked} */
export const ALL = { state: "", checked: "", findings: "", q: "" };

/** @returns {{list: string, row: string, asked: Asked}} */
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  const asked = /** @type {Asked} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])));
  return { list: query.get("id") ?? "", row: query.get("row") ?? "", asked };
}

/**
 * The address of a list ("": of all), its filters and the row that is open.
 * @param {string} list @param {Asked} [asked] @param {string} [row]
 */
export function addressOf(list, asked = ALL, row = "") {
  const query = new URLSearchParams();
  if (list) query.set("id", list);
  for (const name of NAMES) if (list && asked[name]) query.set(name, asked[name]);
  if (list && row) query.set("row", row);
  return query.size ? `${location.pathname}?${query}` : location.pathname;
}

/** As the service takes it. @param {Asked} asked @returns {Record<string, string|null>} */
export function params(asked) {
  return Object.fromEntries(NAMES.map((name) => [name, asked[name] || null]));
}
