/** The page around the views: the head, what must be known, the bar at the foot. */

import { byId, el } from "../dom.js";
import { MarkView } from "./markview.js";
import { MeView } from "./meview.js";
import { OutboxView } from "./outboxview.js";
import { PatrolView } from "./patrolview.js";
import { ReportView } from "./reportview.js";
import { VisitView } from "./visitview.js";
import { gpsText } from "./words.js";

/** @typedef {"patrol"|"visit"|"mark"|"report"|"outbox"} ViewName */

/** @type {[ViewName, string][]} */
const TABS = [
  ["patrol", "巡查"],
  ["visit", "走访"],
  ["mark", "标记"],
  ["report", "上报"],
  ["outbox", "待上传"],
];

const CLOCK_OFF_S = 150;

export class PageView {
  /** @param {import("./field.js").Field} field */
  constructor(field) {
    this.field = field;
    /** @type {ViewName} */
    this.shown = "patrol";
    this.isPlanned = false;
    this.notices = "";
    this.patrol = new PatrolView(field, this);
    this.visit = new VisitView(field, this);
    this.mark = new MarkView(field, this);
    this.report = new ReportView(field, this);
    this.outbox = new OutboxView(field, this);
    this.me = new MeView(field, this);
  }

  /** @param {boolean} hasMap */
  start(hasMap) {
    byId("bar").replaceChildren(
      ...TABS.map(([name, text]) => el("button", { type: "button", id: `tab-${name}`, onclick: () => this.show(name) }, text)),
    );
    byId("open-me").addEventListener("click", () => this.me.open());
    this.patrol.start(hasMap);
    this.show("patrol");
  }

  /** @param {ViewName} name */
  show(name) {
    this.shown = name;
    for (const [each] of TABS) {
      byId(`view-${each}`).hidden = each !== name;
      const tab = byId(`tab-${each}`);
      if (each === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (["visit", "mark", "report"].includes(name)) this.field.position.ask();
    if (name === "visit") void this.visit.open();
    if (name === "mark") this.mark.open();
    if (name === "report") this.report.open();
    this.render();
  }

  /** Say something once, aloud and on the page. @param {string} text */
  say(text) {
    byId("live").textContent = text;
    this.said = { text, until_ms: Date.now() + 6000 };
    this.render();
  }

  renderSoon() {
    if (this.isPlanned) return;
    this.isPlanned = true;
    // Not an animation frame: those stop when the page is covered.
    setTimeout(() => {
      this.isPlanned = false;
      this.render();
    }, 50);
  }

  render() {
    this.#renderHead();
    this.#renderNotices();
    this.#renderBadge();
    if (this.shown === "patrol") this.patrol.render();
    if (this.shown === "visit") this.visit.render();
    if (this.shown === "mark") this.mark.render();
    if (this.shown === "report") this.report.render();
    if (this.shown === "outbox") this.outbox.render();
  }

  #renderHead() {
    const { position, recorder } = this.field;
    const quality = position.quality(Date.now(), recorder.given.rules[recorder.patrol?.mode ?? "foot"].max_accuracy_m);
    const gps = byId("gps");
    const text = gpsText(quality, position.here);
    if (gps.textContent !== text) gps.textContent = text;
    if (gps.dataset.quality !== quality) byId("live").textContent = text;
    gps.dataset.quality = quality;
    byId("place").textContent = this.field.gridHere()?.name ?? this.field.person.name;
    document.documentElement.dataset.offline = this.field.offline.state;
    document.documentElement.dataset.outbox = this.field.outbox.state;
    document.documentElement.dataset.fixes = String(recorder.count);
  }

  #renderBadge() {
    const { outbox, questions, leads, orders } = this.field;
    const tasks = leads.length + orders.list.length;
    const waits = tasks ? String(tasks) : "";
    if ((byId("tab-visit").querySelector(".badge")?.textContent ?? "") !== waits) {
      byId("tab-visit").replaceChildren("走访", ...(waits ? [el("span", { class: "badge", "aria-label": `${waits} 项任务` }, waits)] : []));
    }
    const number = outbox.waiting + questions.length;
    const hasTrouble = outbox.parked.length > 0 || questions.length > 0;
    const badge = number ? el("span", { class: `badge${hasTrouble ? " bad" : ""}`, "aria-label": `${number} 条` }, number) : null;
    const tab = byId("tab-outbox");
    if (tab.querySelector(".badge")?.textContent === (number ? String(number) : undefined) && !hasTrouble) return;
    tab.replaceChildren("待上传", ...(badge ? [badge] : []));
  }

  #renderNotices() {
    const notices = this.#noticeList();
    const key = notices.map(([text]) => text).join("\n");
    if (key === this.notices) return;
    this.notices = key;
    byId("notices").replaceChildren(
      ...notices.map(([text, isBad, way]) => el("div", { class: `notice${isBad ? " bad" : ""}` }, el("p", {}, text), way)),
    );
  }

  /** @returns {[string, boolean, HTMLElement|null][]} */
  #noticeList() {
    const { field } = this;
    /** @type {[string, boolean, HTMLElement|null][]} */
    const list = [];
    if (this.said && Date.now() < this.said.until_ms) list.push([this.said.text, false, null]);
    const fresh = field.orders.fresh.length;
    if (fresh) list.push([`有新的派单 ${fresh} 张。`, false, el("button", { type: "button", class: "link", onclick: () => this.show("visit") }, "查看")]);
    if (field.trouble) list.push([field.trouble, true, null]);
    if (field.outbox.state === "signed-out") {
      list.push(["需要重新登录后才能上传，记录都还在本机。", true, el("a", { href: "/login?next=/field" }, "重新登录")]);
    }
    if (field.outbox.state === "other-person") list.push(["已换人登录，本页记录不会上传。", true, el("button", { type: "button", class: "link", onclick: () => location.reload() }, "切换")]);
    if (!navigator.onLine || field.outbox.state === "offline") list.push(["没有网络，记录保存在本机，联网后自动上传。", false, null]);
    else if (field.outbox.state === "server") list.push([`服务器暂时不能接收（${field.outbox.message}），稍后自动重试。`, false, null]);
    if (Math.abs(field.clockAhead_s) > CLOCK_OFF_S) {
      const minutes = Math.round(Math.abs(field.clockAhead_s) / 60);
      list.push([`本机时间比服务器${field.clockAhead_s > 0 ? "快" : "慢"} ${minutes} 分钟，请在手机设置中校准，否则记录可能不被接收。`, true, null]);
    }
    if (!field.package) list.push(["尚未取得网格数据，可以先记录；联网后显示网格和盲区。", false, null]);
    if (field.package && !field.package.grids.length) list.push([field.package.message ?? "您名下还没有网格，请联系村（社区）工作人员。", false, null]);
    if (field.offline.waiting) {
      list.push(["页面有新版本。", false, el("button", { type: "button", class: "link", onclick: () => field.offline.takeOver() }, "更新")]);
    }
    return list;
  }
}
