/** Group robots (企业微信, 钉钉) that are told each morning what is overdue. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { instant } from "../format.js";
import { ask, button, field, select, table, tell, textOf } from "../office.js";
import { sendJson, showTrouble } from "../session.js";

/** @typedef {import("./types.js").Webhook} Webhook */

/** @type {[string, string][]} */
const FORMATS = [["wecom", "企业微信"], ["dingtalk", "钉钉"]];

/** @param {HTMLElement} pane */
export async function showWebhooks(pane) {
  const load = () => showWebhooks(pane);
  const items = /** @type {Webhook[]} */ (await getJson("/api/webhooks"));
  const heads = ["名称", "格式", "单元", "地址", "状态", "最近一次", "操作"];
  const rows = items.map((item) => [
    item.name, Object.fromEntries(FORMATS)[item.format], item.unit_name, el("code", {}, item.address),
    item.enabled ? "启用" : el("span", { class: "missing" }, "停用"), lastOf(item), actions(item, load),
  ]);
  const note = "每天早上把到期和超期情况发到工作群，免打扰时段内顺延。消息里只有单元名称和数量，没有人员信息。";
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "hint grows" }, note), button("新增群机器人", () => edit(null, load), "button")),
    table("群机器人", heads, rows, "还没有群机器人。"),
  );
}

/** @param {Webhook} item */
function lastOf(item) {
  if (!item.last) return "还没有发过";
  if (item.last.sent_at) return `${instant(item.last.sent_at)} 已送达`;
  return el("span", { class: "missing" }, `${item.last.day} 未送达：${item.last.error ?? "等待发送"}`);
}

/** @param {Webhook} item @param {() => Promise<void>} load */
function actions(item, load) {
  const path = `/api/webhooks/${item.id}`;
  const test = async () => {
    const trial = await sendJson("POST", `${path}/test`);
    tell("测试消息", trial.sent ? "已送达，请到群里查看。" : "没有送达，原因：", trial.error ?? "成功", "知道了");
  };
  return el(
    "span",
    { class: "row-actions" },
    button("发测试消息", () => void test().catch(showTrouble)),
    button("修改", () => edit(item, load)),
    button("删除", () => ask(`删除 ${item.name}`, [el("p", {}, "删除后不再发送。")], "删除", () => sendJson("DELETE", path).then(load))),
  );
}

/** @param {Webhook|null} item @param {() => Promise<void>} load */
function edit(item, load) {
  const kept = item ? "留空则不变" : "";
  ask(
    item ? `修改 ${item.name}` : "新增群机器人",
    [
      field("名称", el("input", { name: "name", required: true, maxlength: 64, value: item?.name ?? "" })),
      field("格式", select("format", FORMATS, item?.format)),
      field("单元（区划代码）", el("input", { name: "unit_code", required: true, value: item?.unit_code ?? "" })),
      field("机器人地址", el("input", { name: "url", type: "url", required: !item, placeholder: kept })),
      field("加签密钥（钉钉）", el("input", { name: "secret", placeholder: kept, autocomplete: "off" })),
      el("label", { class: "field check" }, el("input", { type: "checkbox", name: "enabled", checked: item?.enabled ?? true }), el("span", {}, "启用")),
    ],
    "保存",
    async (values) => {
      /** @type {Record<string, unknown>} */
      const body = { enabled: values.has("enabled") };
      for (const name of ["name", "format", "unit_code", "url", "secret"]) {
        const value = textOf(values, name);
        if (value !== null) body[name] = value;
      }
      await sendJson(item ? "PATCH" : "POST", item ? `/api/webhooks/${item.id}` : "/api/webhooks", body);
      await load();
    },
  );
}
