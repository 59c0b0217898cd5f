/** Who is signed in, and writing in their name. */

import { ApiError, ask, getJson, goToLogin, whenSignedOut } from "./api.js";
import { byId, el } from "./dom.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").SessionState} SessionState */

const STALE_PAGE = "本窗口的登录状态已变化（可能已在别处退出或换了账号），内容未提交。请刷新页面后重试。";

/** @type {Promise<SessionState>|null} */
let known = null;

/**
 * Who is signed in, asked once per page. Throws ApiError.
 * @returns {Promise<SessionState>}
 */
export function session() {
  known ??= getJson("/api/session").catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** Forget what was asked, so that the next `session()` asks anew. */
export function forgetSession() {
  known = null;
}

/**
 * The person at the page. Leaves for the sign-in page when there is nobody or their password must be changed; without
 * the right, says so in place of the page. In those cases the promise never settles. Throws ApiError.
 * @param {string} [right]
 * @returns {Promise<Person>}
 */
export async function requireSession(right) {
  const { person } = await session();
  if (!person || person.must_change_password) {
    goToLogin();
    return new Promise(() => {});
  }
  if (right && !person.rights.includes(right)) {
    await showDenied(person);
    return new Promise(() => {});
  }
  return person;
}

/** @param {Person} person */
async function showDenied(person) {
  const { showAccount } = await import("./account.js"); // which needs this module itself
  const holder = document.getElementById("account");
  if (holder) showAccount(holder, person);
  const main = document.querySelector("main") ?? document.body;
  main.replaceChildren(
    el(
      "section",
      { class: "denied", role: "alert" },
      el("h1", {}, "没有查看本页的权限"),
      el("p", {}, `当前账号：${person.name}（${person.role_name}）。如确有需要，请联系系统管理员。`),
      el("a", { class: "button", href: person.home }, "回到我的首页"),
    ),
  );
}

/**
 * Write as the person signed in; the answer, null for none. Throws ApiError.
 * @param {"POST"|"PUT"|"PATCH"|"DELETE"} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function sendJson(method, path, body) {
  const before = await session();
  try {
    return await send(before, method, path, body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.facts.reason !== "csrf") throw error;
  }
  // Signed in anew in another window: go on for the same person, never for another.
  forgetSession();
  const now = await session();
  if (!now.person || now.person.username !== before.person?.username) throw new ApiError(STALE_PAGE, 403, "stale_page");
  return send(now, method, path, body);
}

/**
 * @param {SessionState} state
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
function send(state, method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (state.csrf_token) headers["X-CSRF-Token"] = state.csrf_token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return ask(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** End the session here and go to the sign-in page. Throws ApiError. */
export async function signOut() {
  // What the map still asks is refused from now on, and must not lead whoever signs in next back to this place.
  const before = whenSignedOut(() => {});
  try {
    await sendJson("DELETE", "/api/session");
    forgetSession();
    await forgetPhone();
    location.assign("/login");
    addEventListener("pageshow", () => whenSignedOut(before), { once: true });
  } catch (error) {
    whenSignedOut(before);
    throw error;
  }
}

/** A phone knows without a network whose it is (field/store.js); nobody's from now on. What waits there stays. */
async function forgetPhone() {
  const name = "wuyilou-field";
  const known = (await indexedDB.databases?.()) ?? [];
  if (!known.some((database) => database.name === name)) return;
  await new Promise((done) => {
    const opening = indexedDB.open(name);
    opening.onerror = done;
    opening.onsuccess = () => {
      const work = opening.result.transaction("kept", "readwrite");
      work.objectStore("kept").delete("person");
      work.oncomplete = work.onabort = done;
      opening.result.close(); // when the work is done
    };
  });
}

/**
 * The path that the address bar's `next` names on this very server, else the person's own first page.
 * @param {string} home
 */
export function nextPage(home) {
  const wanted = new URLSearchParams(location.search).get("next");
  if (!wanted) return home;
  const url = new URL(wanted, location.origin);
  const isOurs = url.origin === location.origin && url.pathname !== "/login";
  return isOurs ? url.pathname + url.search + url.hash : home;
}

/** What went wrong on the map never takes the place of what the page says already, and of its way on. @param {unknown} error */
export function showMapTrouble(error) {
  if (byId("trouble").hidden) showTrouble(error);
}

/** Show what went wrong in the page's place for it. @param {unknown} error @param {string} [id] */
export function showTrouble(error, id = "trouble") {
  const text = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
  byId(id).textContent = text;
  byId(id).hidden = false;
  if (!(error instanceof ApiError)) console.error(error);
}
