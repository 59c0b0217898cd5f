/** What is asked for, in the address: whoever is sent it sees the same. */

/** @typedef {import("./types.js").Asked} Asked */

/** @type {(keyof Asked)[]} */
const NAMES = ["unit", "first_day", "last_day", "kind"];

/** @returns {Asked} */
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  return /** @type {Asked} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])));
}

/** @param {Asked} asked @param {boolean} push a step that going back undoes */
export function toAddress(asked, push) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (asked[name]) query.set(name, asked[name]);
  const href = query.size ? `?${query}` : location.pathname;
  if (push) history.pushState(null, "", href);
  else history.replaceState(null, "", href);
}

/** What of it goes to the service. @param {Asked} asked @returns {Record<string, string|null>} */
export function params(asked) {
  return Object.fromEntries(NAMES.map((name) => [name, asked[name] || null]));
}
