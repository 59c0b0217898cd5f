/** The phone page: what is looked after as long as it is open, and the start. */

import { ApiError, goToLogin, whenSignedOut } from "../api.js";
import { byId, el } from "../dom.js";
import { forgetSession, session } from "../session.js";
import { hasWebGL2 } from "../webgl.js";
import { obstacle, stop } from "./environment.js";
import { Field } from "./field.js";
import { lastPerson, openDatabase, rememberPerson, Store } from "./store.js";
import { PageView } from "./view.js";

/** @typedef {import("../types.js").Person} Person */

/**
 * Who uses the phone: asked of the server, else who it was when there was last a network.
 * @param {import("idb").IDBPDatabase} db
 * @returns {Promise<{person: Person|undefined, isAsked: boolean}>}
 */
async function whoIsHere(db) {
  try {
    forgetSession();
    const { person } = await session();
    if (!person || person.must_change_password) {
      // Whoever was here last may go on recording; sending waits until they sign in.
      return { person: await lastPerson(db), isAsked: false };
    }
    await rememberPerson(db, person);
    return { person, isAsked: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { person: await lastPerson(db), isAsked: false };
  }
}

/** @param {import("idb").IDBPDatabase} db @param {Person} person @param {string} officer_code */
async function run(db, person, officer_code) {
  const field = new Field(new Store(db, officer_code), person);
  whenSignedOut(() => field.outbox.signedOut()); // a page that records must not be left
  const view = new PageView(field);
  field.listen(() => view.renderSoon());
  await field.open();
  view.start(hasWebGL2());
  await field.begin();
}

async function start() {
  const problem = obstacle();
  if (problem) return stop(problem.title, problem.text);
  const db = await openDatabase();
  const { person } = await whoIsHere(db);
  if (!person) return navigator.onLine ? goToLogin() : stop("需要先联网登录", "本机还没有登录过。请在有网络时打开本页并登录一次，之后没有网络也能使用。");
  if (!person.officer_code || !person.rights.includes("records.send")) {
    const home = el("a", { class: "button", href: person.home }, "回到我的首页");
    return stop("本账号没有外勤任务", `${person.name}（${person.role_name}）没有对应的网格员编号。如需使用本页，请联系系统管理员。`, home);
  }
  const code = person.officer_code;
  byId("place").textContent = person.name;
  // One window records; a second one would keep every position twice.
  await navigator.locks.request("wuyilou-field", { ifAvailable: true }, async (lock) => {
    if (lock) {
      await run(db, person, code);
      return new Promise(() => {});
    }
    stop("本页已在另一个窗口打开", "请使用那个窗口；那里关闭后，本窗口会自动继续。");
    void navigator.locks.request("wuyilou-field", () => location.reload());
    return undefined;
  });
}

start().catch((error) => {
  console.error(error);
  stop("本页不能启动", `原因：${error instanceof Error ? error.message : String(error)}。已保存的记录没有丢失，请重新打开本页。`);
});
