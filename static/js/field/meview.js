/** 我的: who is signed in, how positions are read, and leaving. */

import { ApiError } from "../api.js";
import { byId, el } from "../dom.js";
import { signOut } from "../session.js";
import { confirmed } from "./parts.js";

/** @typedef {import("./types.js").PhoneDatum} PhoneDatum */

/** @type {Record<string, string>} */
const OFFLINE = { ready: "已就绪，没有网络也能打开", preparing: "正在准备…", failed: "未就绪，请在网络良好时重新打开本页" };

export class MeView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    this.dialog = /** @type {HTMLDialogElement} */ (byId("me"));
  }

  open() {
    const { person, store, others, offline, progress } = this.field;
    this.problem = el("p", { class: "problem", role: "alert" });
    this.dialog.replaceChildren(
      el(
        "div",
        { class: "sheet" },
        el("h2", {}, person.name),
        el("p", {}, `${person.role_name}　编号 ${store.officer_code}`),
        el("p", { class: "hint" }, `负责网格：${person.grids.map((grid) => grid.name).join("、") || "无"}`),
        others ? el("p", { class: "problem" }, `本机另有其他人员的 ${others} 条内容未上传，须由其本人登录后上传。`) : null,
        el("p", { class: "hint" }, `离线使用：${OFFLINE[offline.state]}`),
        progress.trouble ? el("p", { class: "hint" }, `实时位置未送达：${progress.trouble}`) : null,
        this.#datum(),
        el("a", { class: "row-button", href: "/me" }, "查看系统保存的我的数据"),
        this.problem,
        el("button", { type: "button", class: "act danger", id: "sign-out", onclick: () => void this.#leave() }, "退出登录"),
        el("button", { type: "button", class: "act", onclick: () => this.dialog.close() }, "关闭"),
      ),
    );
    this.dialog.showModal();
  }

  #datum() {
    const { field } = this;
    const change = (/** @type {any} */ event) => void field.useDatum(event.target.value);
    const busy = field.recorder.patrol !== null;
    const options = [
      ["WGS-84", "WGS-84（一般手机浏览器）"],
      ["GCJ-02", "GCJ-02（部分应用内置浏览器）"],
    ];
    return el(
      "div",
      {},
      el("label", { class: "field-label", for: "datum" }, "本机定位的坐标系"),
      el("select", { id: "datum", disabled: busy, onchange: change }, ...options.map(([value, text]) => el("option", { value, selected: value === field.datum }, text))),
      el("p", { class: "hint" }, busy ? "巡查中不能更改。" : "如果地图上自己的位置总是偏几百米，请更改。"),
    );
  }

  async #leave() {
    const { outbox, recorder } = this.field;
    if (recorder.patrol) {
      if (this.problem) this.problem.textContent = "正在巡查，请先结束巡查再退出。";
      return;
    }
    await outbox.reload();
    const question = `还有 ${outbox.waiting} 条记录没有上传。退出后会留在本机，须由本人再次登录后才能上传。确定退出？`;
    this.dialog.close();
    if (outbox.waiting && !(await confirmed(question, "退出登录"))) return;
    try {
      await signOut();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.page.say(error.offline ? "没有网络，不能退出登录。" : error.message);
    }
  }
}
