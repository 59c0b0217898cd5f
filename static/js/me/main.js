/** Everything that is kept about the person signed in; their password, devices and tokens. */

import { showAccount, scopeOf } from "../account.js";
import { ApiError, getJson } from "../api.js";
import { byId, el } from "../dom.js";
import { instant } from "../format.js";
import { ask, button, field, table, textOf } from "../office.js";
import { watchProgress } from "../progress.js";
import { forgetSession, requireSession, sendJson, showTrouble } from "../session.js";
import { records } from "./records.js";
import { tokens } from "./tokens.js";

/** @typedef {import("./types.js").Kept} Kept */
/** @typedef {import("./types.js").Device} Device */
/** @typedef {import("../types.js").Person} Person */

watchProgress();
try {
  const person = await requireSession();
  showAccount(byId("account"), person);
  await show(person);
} catch (error) {
  showTrouble(error);
}

/** @param {Person} person */
async function show(person) {
  const [kept, devices] = await Promise.all([getJson("/api/me/data"), getJson("/api/sessions")]);
  const again = () => void show(person).catch(showTrouble);
  byId("pane").replaceChildren(
    account(person, kept),
    signedIn(devices, again),
    ...(person.officer_code ? [looks(kept), ...records(kept)] : []),
    ...(person.officer_code && person.role === "officer" ? [] : [await tokens(person, again)]),
  );
}

/** @param {Person} person @param {Kept} kept */
function account(person, kept) {
  const facts = [
    ["姓名", person.name], ["用户名", person.username], ["角色", person.role_name], ["范围", scopeOf(person).replace("管辖范围：", "")],
    ["网格员编码", person.officer_code ?? "—"], ["电话", kept.account.phone ?? "—"],
  ];
  const download = el("a", { class: "quiet as-button", href: "/api/me/data?download=true", download: "" }, "下载我的全部数据");
  return part(
    "我的账号",
    el("dl", { class: "facts" }, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    el("p", { class: "hint" }, `原始定位点和轨迹线保留 ${kept.retention_days} 天，到期自动删除；已计入的覆盖保留。电话、姓名有误请联系系统管理员。`),
    el("div", { class: "actions start" }, button("修改密码", changePassword), download),
  );
}

function changePassword() {
  const secret = (/** @type {string} */ name, /** @type {string} */ kind) =>
    el("input", { name, type: "password", autocomplete: kind, required: true, maxlength: 1000 });
  ask(
    "修改密码",
    [
      field("原密码", secret("old", "current-password")),
      field("新密码", secret("new", "new-password"), "修改后其他设备全部退出"),
      field("再输一次新密码", secret("again", "new-password")),
    ],
    "修改",
    async (values) => {
      if (values.get("new") !== values.get("again")) throw new ApiError("两次输入的新密码不一致，请重新输入。", 422);
      await sendJson("POST", "/api/session/password", { old_password: textOf(values, "old"), new_password: String(values.get("new")) });
      forgetSession();
    },
  );
}

/** @param {Device[]} devices @param {() => void} again */
function signedIn(devices, again) {
  const heads = ["设备", "地址", "登录时间", "最近使用", "操作"];
  const rows = devices.map((device) => [
    deviceOf(device), device.address, instant(device.created_at), instant(device.last_seen_at),
    device.is_current ? "本机" : button("退出", () => void sendJson("DELETE", `/api/sessions/${device.id}`).then(again, showTrouble)),
  ]);
  const all = () =>
    ask("退出所有设备", [el("p", {}, "包括本机。手机上尚未上传的内容不会丢失，重新登录后继续上传。")], "全部退出", async () => {
      await sendJson("DELETE", "/api/sessions");
      location.assign("/login");
    });
  return part("已登录的设备", table("已登录的设备", heads, rows, "没有。"), el("div", { class: "actions start" }, button("退出所有设备", all)));
}

/** @param {Device} device */
function deviceOf(device) {
  const agent = device.user_agent ?? "";
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name));
  const browser = ["MicroMessenger", "Edg", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(name));
  return [system, browser].filter(Boolean).join(" ") || "未知设备";
}

/** @param {Kept} kept */
function looks(kept) {
  const rows = (kept.looks_at_me ?? []).slice(0, 50).map((look) => [instant(look.at), look.actor, look.what_name, look.address]);
  return part("谁看过我的轨迹", table("谁看过我的轨迹", ["时间", "人员", "事项", "来源"], rows, "没有人看过。"));
}

/** @param {string} title @param {...import("../dom.js").Child} children */
function part(title, ...children) {
  return el("section", { class: "office-part" }, el("h2", {}, title), ...children);
}
