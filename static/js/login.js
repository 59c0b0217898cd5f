/** Signing in, and the change of a password that was given by somebody else or is too old. */

import { address, ApiError } from "./api.js";
import { byId } from "./dom.js";
import { forgetSession, nextPage, sendJson, session, showTrouble } from "./session.js";

/** @typedef {import("./types.js").Person} Person */

const signInForm = /** @type {HTMLFormElement} */ (byId("sign-in"));
const changeForm = /** @type {HTMLFormElement} */ (byId("change"));
let typed = "";

/** @param {HTMLFormElement} form @param {string} name */
function valueOf(form, name) {
  return String(new FormData(form).get(name) ?? "");
}

/** @param {Person} person */
function goOn(person) {
  if (person.must_change_password) return askForPassword();
  location.replace(nextPage(person.home));
}

function askForPassword() {
  signInForm.hidden = true;
  changeForm.hidden = false;
  byId("old-row").hidden = typed !== "";
  byId("welcome").textContent = "首次登录或密码已到期：请设置自己的新密码";
  byId(typed ? "new-password" : "old-password").focus();
}

/**
 * One attempt at a time; what goes wrong is said under the form.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} attempt
 */
function wire(form, attempt) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    byId("trouble").hidden = true;
    try {
      await attempt();
    } catch (error) {
      showTrouble(error);
    } finally {
      button.disabled = false;
    }
  });
  button.disabled = false; // in the page it begins disabled: pressed before this, the browser would send the form itself
}

wire(signInForm, async () => {
  typed = valueOf(signInForm, "password");
  forgetSession();
  const state = await sendJson("POST", "/api/session", { username: valueOf(signInForm, "username"), password: typed });
  forgetSession();
  goOn(state.person);
});

wire(changeForm, async () => {
  const fresh = valueOf(changeForm, "new_password");
  if (fresh !== valueOf(changeForm, "again")) throw new ApiError("两次输入的新密码不一致，请重新输入。", 0);
  const old = typed || valueOf(changeForm, "old_password");
  await sendJson("POST", "/api/session/password", { old_password: old, new_password: fresh });
  forgetSession();
  const { person } = await session();
  if (person) goOn(person);
});

byId("reveal").addEventListener("change", (event) => {
  const isShown = /** @type {HTMLInputElement} */ (event.target).checked;
  for (const input of document.querySelectorAll("input[data-secret]")) {
    /** @type {HTMLInputElement} */ (input).type = isShown ? "text" : "password";
  }
});

const REFUSALS = /** @type {Record<string, string>} */ ({
  unknown: "统一身份认证已通过，但本系统没有对应的账号。请联系系统管理员开通。",
  failed: "统一身份认证未完成或已超时，请重新登录。",
});

try {
  const state = await session();
  byId("password-length").textContent = String(state.password_length);
  if (state.person) goOn(state.person);
  if (state.oidc_name) {
    const link = /** @type {HTMLAnchorElement} */ (byId("oidc"));
    link.textContent = `用${state.oidc_name}登录`;
    link.href = address("/api/oidc/start", { next: nextPage("") || null });
    link.hidden = false;
  }
  const refusal = REFUSALS[new URLSearchParams(location.search).get("oidc") ?? ""];
  if (refusal) throw new ApiError(refusal, 403);
} catch (error) {
  showTrouble(error);
}
