/** One's own tokens for machines that ask in one's name. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { day, instant } from "../format.js";
import { ask, button, field, table, tell, textOf } from "../office.js";
import { sendJson, showTrouble } from "../session.js";

/** @typedef {import("./types.js").Token} Token */
/** @typedef {import("../types.js").Person} Person */

/** @type {Record<string, string>} */
const RIGHTS = {
  "coverage.read": "查看覆盖", "tracks.read": "查看人员轨迹", "records.send": "上传记录", "review.decide": "审核证据",
  "exclusions.decide": "审批排除区", "leads.read": "查看线索", "duty.read": "查看在岗情况", "territory.manage": "管理区划",
  "webhooks.manage": "管理群机器人", "audit.read": "查看审计",
  "cases.read": "查看案件", "cases.manage": "办理案件", "cases.strike_off": "案件销号",
};

/** @param {Person} person @param {() => void} again */
export async function tokens(person, again) {
  const items = /** @type {Token[]} */ (await getJson("/api/tokens"));
  const rows = items.map((item) => [
    item.name, item.rights.map((right) => RIGHTS[right] ?? right).join("、"), item.unit_codes?.join("、") ?? "与本人相同",
    day(item.expires_at), item.last_used_at ? instant(item.last_used_at) : "从未使用",
    item.revoked_at ? "已吊销" : button("吊销", () => void sendJson("DELETE", `/api/tokens/${item.id}`).then(again, showTrouble)),
  ]);
  return el(
    "section",
    { class: "office-part" },
    el("h2", {}, "接口令牌"),
    el("p", { class: "hint" }, "供其他系统以您的名义调用接口，权限和范围都不超过您本人。"),
    table("接口令牌", ["名称", "权限", "范围", "到期", "最近使用", "操作"], rows, "没有令牌。"),
    el("div", { class: "actions start" }, button("新增令牌", () => add(person, again))),
  );
}

/** @param {Person} person @param {() => void} again */
function add(person, again) {
  const rights = person.rights.filter((right) => right in RIGHTS);
  ask(
    "新增接口令牌",
    [
      field("用途名称", el("input", { name: "name", required: true, maxlength: 64 })),
      el(
        "fieldset",
        { class: "field" },
        el("legend", {}, "权限"),
        ...rights.map((right) =>
          el("label", { class: "check" }, el("input", { type: "checkbox", name: "rights", value: right }), el("span", {}, RIGHTS[right])),
        ),
      ),
      field("限于单元（区划代码，每行一个）", el("textarea", { name: "unit_codes", rows: 2 }), "留空则与本人相同"),
      field("最后有效日", el("input", { name: "expires_on", type: "date", required: true }), "最长 366 天"),
    ],
    "新增",
    async (values) => {
      const units = String(values.get("unit_codes") ?? "").split(/[\s,，、]+/).filter(Boolean);
      const made = await sendJson("POST", "/api/tokens", {
        name: textOf(values, "name") ?? "",
        rights: values.getAll("rights"),
        unit_codes: units.length ? units : null,
        expires_on: textOf(values, "expires_on"),
      });
      tell("接口令牌", "令牌只显示这一次，请妥善保存。请求头：Authorization: Bearer 令牌", made.secret);
      again();
    },
  );
}
