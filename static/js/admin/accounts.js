/** Accounts: find, add, change, reset the password, sign out, disable. */

import { getJson, Latest, isAbort } from "../api.js";
import { debounced, el } from "../dom.js";
import { instant } from "../format.js";
import { ask, button, field, select, table, tell, textOf } from "../office.js";
import { sendJson, showTrouble } from "../session.js";

/** @typedef {import("./types.js").Account} Account */

/** @type {[string, string][]} */
const ROLES = [
  ["officer", "网格员"], ["village", "村（社区）工作人员"], ["town", "镇（街道）工作人员"], ["county", "县（市、区）工作人员"],
  ["city", "市级工作人员"], ["leader", "领导"], ["supervisor", "督导人员"], ["intake", "举报受理人员"],
  ["administrator", "系统管理员"],
];
const PAGE = 50;
const ONCE = "密码只显示这一次，请当面或用可靠的方式告诉本人。首次登录时必须改密码。";

/** @param {HTMLElement} pane */
export async function showAccounts(pane) {
  const latest = new Latest();
  const search = el("input", { type: "search", name: "q", placeholder: "用户名、姓名或网格员编码", "aria-label": "查找账号" });
  const role = select("role", [["", "全部角色"], ...ROLES], "", { "aria-label": "角色" });
  const state = select("state", [["", "全部状态"], ["open", "启用"], ["disabled", "停用"]], "", { "aria-label": "状态" });
  const list = el("div");
  let skip = 0;
  const load = async () => {
    try {
      const asked = { q: search.value, role: role.value || null, state: state.value, limit: PAGE, skip };
      const found = await getJson("/api/accounts", asked, latest.start());
      list.replaceChildren(...drawn(found.items, load), pager(found.total, skip, (to) => ((skip = to), void load())));
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  };
  const anew = () => ((skip = 0), void load());
  search.addEventListener("input", debounced(200, anew));
  role.addEventListener("change", anew);
  state.addEventListener("change", anew);
  const add = button("新增账号", () => edit(null, load), "button");
  pane.replaceChildren(el("div", { class: "office-tools" }, search, role, state, add), list);
  await load();
}

/** @param {Account[]} items @param {() => Promise<void>} load */
function drawn(items, load) {
  const heads = ["用户名", "姓名", "角色", "管辖范围", "状态", "最近使用", "操作"];
  const rows = items.map((item) => [
    item.username, item.name, item.role_name, scopeOf(item), stateOf(item),
    item.last_seen_at ? instant(item.last_seen_at) : "从未登录", actions(item, load),
  ]);
  return [table("账号", heads, rows, "没有符合条件的账号。")];
}

/** @param {Account} item */
function scopeOf(item) {
  if (item.is_everything) return "全部";
  const names = [...item.units, ...item.grids].map((place) => place.name);
  if (item.role === "officer" && !names.length) return `本人网格（${item.officer_code}）`;
  return names.length ? names.join("、") : el("span", { class: "missing" }, "未分配");
}

/** @param {Account} item */
function stateOf(item) {
  if (item.disabled_at) return el("span", { class: "missing" }, "已停用");
  if (!item.has_password) return "单点登录";
  return item.must_change_password ? "待改初始密码" : "启用";
}

/** @param {Account} item @param {() => Promise<void>} load */
function actions(item, load) {
  const path = `/api/accounts/${item.id}`;
  const reset = () =>
    ask(`重置 ${item.name} 的密码`, [el("p", {}, "原密码立即失效，已登录的设备全部退出。")], "重置", async () => {
      const made = await sendJson("POST", `${path}/password`);
      tell("新的初始密码", `${item.name}（${item.username}）。${ONCE}`, made.temporary_password);
      await load();
    });
  const out = () =>
    ask(`退出 ${item.name} 的全部设备`, [el("p", {}, "手机上尚未上传的内容不会丢失，重新登录后继续上传。")], "全部退出", () =>
      sendJson("DELETE", `${path}/sessions`).then(load),
    );
  const turn = () => {
    const words = item.disabled_at ? "启用后可以重新登录。" : "停用后立即退出全部设备，不能再登录；其记录和审计保留。";
    ask(`${item.disabled_at ? "启用" : "停用"} ${item.name}`, [el("p", {}, words)], "确定", () =>
      sendJson("PATCH", path, { is_disabled: !item.disabled_at }).then(load),
    );
  };
  return el(
    "span",
    { class: "row-actions" },
    button("修改", () => edit(item, load)),
    item.is_self ? null : button("重置密码", reset),
    item.is_self ? null : button("全部退出", out),
    item.is_self ? null : button(item.disabled_at ? "启用" : "停用", turn),
  );
}

/** @param {Account|null} item null: a new one @param {() => Promise<void>} load */
function edit(item, load) {
  const everything = el("input", { type: "checkbox", name: "is_everything", checked: Boolean(item?.is_everything) });
  const codes = (/** @type {{code: string}[]|undefined} */ places) => (places ?? []).map((place) => place.code).join("\n");
  const units = codes(item?.units);
  // An officer's grids follow from their code: they are not listed, and stay unless something is typed.
  const grids = codes(item && item.role !== "officer" ? item.grids : []);
  ask(
    item ? `修改 ${item.name}` : "新增账号",
    [
      item ? null : field("用户名", el("input", { name: "username", required: true, maxlength: 32, autocapitalize: "none", autocomplete: "off" }), "2–32 位小写字母、数字、点、横线或下划线"),
      field("姓名", el("input", { name: "name", required: true, maxlength: 64, value: item?.name ?? "" })),
      field("角色", select("role", ROLES, item?.role ?? "officer")),
      field("网格员编码", el("input", { name: "officer_code", maxlength: 64, value: item?.officer_code ?? "" }), "网格员必填，与网格文件中的编码一致；其网格由编码确定"),
      field("电话", el("input", { name: "phone", maxlength: 64, value: item?.phone ?? "" })),
      field("单点登录标识", el("input", { name: "oidc_subject", maxlength: 255, value: item?.oidc_subject ?? "" }), "不使用单点登录时留空"),
      el("label", { class: "field check" }, everything, el("span", {}, "管辖全部单元")),
      field("管辖单元（区划代码，每行一个）", el("textarea", { name: "unit_codes", rows: 3 }, units)),
      field("另加网格（网格编码，每行一个）", el("textarea", { name: "grid_codes", rows: 2 }, grids)),
    ],
    item ? "保存" : "新增",
    async (values) => {
      const { places, ...rest } = bodyOf(values);
      const same = values.get("unit_codes") === units && values.get("grid_codes") === grids;
      const body = item && same && values.has("is_everything") === item.is_everything ? rest : { ...rest, places };
      if (item) await sendJson("PATCH", `/api/accounts/${item.id}`, body);
      else await add({ ...body, username: textOf(values, "username") ?? "" });
      await load();
    },
  );
}

/** @param {FormData} values */
function bodyOf(values) {
  const lines = (/** @type {string} */ name) => String(values.get(name) ?? "").split(/[\s,，、]+/).filter(Boolean);
  const whole = values.has("is_everything");
  return {
    name: textOf(values, "name") ?? "",
    role: textOf(values, "role"),
    officer_code: textOf(values, "officer_code"),
    phone: textOf(values, "phone"),
    oidc_subject: textOf(values, "oidc_subject"),
    places: whole ? { is_everything: true } : { unit_codes: lines("unit_codes"), grid_codes: lines("grid_codes") },
  };
}

/** @param {Record<string, unknown>} body */
async function add(body) {
  const made = await sendJson("POST", "/api/accounts", body);
  if (made.temporary_password) tell("初始密码", `${made.account.name}（${made.account.username}）。${ONCE}`, made.temporary_password);
}

/** @param {number} total @param {number} skip @param {(skip: number) => void} go */
export function pager(total, skip, go) {
  const last = Math.min(total, skip + PAGE);
  return el(
    "div",
    { class: "pager" },
    el("span", { role: "status" }, total ? `第 ${skip + 1}–${last} 条，共 ${total} 条` : "共 0 条"),
    skip > 0 ? button("上一页", () => go(Math.max(0, skip - PAGE))) : null,
    last < total ? button("下一页", () => go(skip + PAGE)) : null,
  );
}
