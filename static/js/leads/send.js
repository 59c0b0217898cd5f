/** Sending a form with a file in the name of the person signed in. */

import { ask } from "../api.js";
import { session } from "../session.js";

/** The answer in JSON. Throws ApiError. @param {string} path @param {FormData} form @returns {Promise<any>} */
export async function sendForm(path, form) {
  const { csrf_token: token } = await session();
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (token) headers["X-CSRF-Token"] = token;
  return ask(path, { method: "POST", headers, body: form });
}
