/** Checking certificates: by id for whoever holds the paper, by file for whoever is signed in. */

import { showAccount } from "../account.js";
import { ApiError, getJson } from "../api.js";
import { byId } from "../dom.js";
import { sendForm } from "../leads/send.js";
import { watchProgress } from "../progress.js";
import { session, showTrouble } from "../session.js";
import { showChecked, showKnown } from "./result.js";

/** @typedef {import("./types.js").Checked} Checked */
/** @typedef {import("./types.js").Known} Known */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const result = byId("result");
const input = /** @type {HTMLInputElement} */ (byId("id"));

let questions = 0;

/**
 * Show what a question was answered, unless another was asked meanwhile.
 * @param {() => Promise<() => void>} ask  answers what shows it
 */
async function trying(ask) {
  const mine = ++questions;
  byId("trouble").hidden = true;
  result.hidden = true;
  try {
    const show = await ask();
    if (mine === questions) show();
  } catch (error) {
    if (mine === questions) showTrouble(error);
  }
}

/** @param {string} id @param {string|null} digest @returns {Promise<() => void>} */
async function checkId(id, digest) {
  if (!UUID.test(id)) throw new ApiError("编号格式不对：应为 36 位，含 4 个连字符，见认定书每页页脚。", 422);
  const { person } = await session();
  const may_save = Boolean(person?.rights.includes("determination.read"));
  /** @type {Known} */
  const known = await getJson(`/api/certificates/${id}`);
  return () => showKnown(result, known, digest, may_save);
}

/** @param {File} file @returns {Promise<() => void>} */
async function checkFile(file) {
  const form = new FormData();
  form.append("file", file);
  /** @type {Checked} */
  const checked = await sendForm("/api/certificates/check", form);
  const known = checked.holds && checked.is_trusted ? await knownHere(checked.id) : null;
  return () => showChecked(result, checked, known);
}

/** @param {string} id @returns {Promise<Known|null>} */
async function knownHere(id) {
  try {
    return await getJson(`/api/certificates/${id}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Check what the address bar names. */
function readAddress() {
  const query = new URLSearchParams(location.search);
  const id = query.get("id");
  if (!id) return;
  input.value = id;
  void trying(() => checkId(id, query.get("digest")));
}

byId("by-id").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = input.value.trim();
  history.pushState(null, "", `/certificate?id=${encodeURIComponent(id)}`);
  void trying(() => checkId(id, null));
});
byId("by-file").addEventListener("submit", (event) => {
  event.preventDefault();
  const file = /** @type {HTMLInputElement} */ (byId("file")).files?.[0];
  if (file) void trying(() => checkFile(file));
});
addEventListener("popstate", readAddress);
// They begin disabled: pressed before this, the browser would send the forms itself.
for (const button of document.querySelectorAll("#checks button[type=submit]")) /** @type {HTMLButtonElement} */ (button).disabled = false;

watchProgress();
readAddress(); // before the first wait: whoever types meanwhile is not overwritten
try {
  const { person } = await session();
  if (person) showAccount(byId("account"), person);
  byId("by-file").hidden = !person;
  byId("sign-in-first").hidden = Boolean(person);
} catch (error) {
  showTrouble(error);
}
document.documentElement.dataset.ready = "yes";
