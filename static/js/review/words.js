/** What things are called on this page. */

/** @type {Record<string, string>} */
export const RECORDS = { patrol: "巡查", mark: "标记已查看", inaccessible: "无法进入", report: "可疑情况", visit: "检查走访" };
/** @type {Record<string, string>} */
export const REVIEWS = { none: "无疑点", open: "待审核", asked: "已退回核实", accepted: "已接受", voided: "已作废" };
/** @type {Record<string, string>} */
export const STEPS = { ask: "退回核实", answer: "网格员答复", accept: "接受", void: "作废" };
/** @type {Record<string, string>} */
export const EXCLUSIONS = { water: "水面", military: "军事", railway: "铁路", construction: "施工", other: "其他" };
/** What no longer counts once a record is void, where it is not ground. @type {Record<string, string>} */
const COUNTED = { report: "", visit: "该场所立即不再按已检查计，须重新走访。" };
/** @type {[import("./types.js").QueueState, string][]} */
export const STATES = [["open", "待审核"], ["asked", "已退回"], ["decided", "已处理"], ["exclusions", "扣除申请"]];

/**
 * What a decision is called, what follows from it, and words that are often right.
 * @typedef {{button: string, title: string, told: string, done: string, presets: string[], needsWords: boolean}} Deed
 */

/** @param {import("./types.js").RecordKind} kind @returns {Record<import("./types.js").Decision, Deed>} */
export function deedsOf(kind) {
  const isRequest = kind === "inaccessible";
  return {
    accept: {
      button: isRequest ? "批准" : "接受",
      title: isRequest ? "批准这项申请" : "接受这条记录",
      told: isRequest ? "批准后，所画范围自今日起按“无法进入”计，到期自动恢复。" : "记录保持有效，疑点保留备查。",
      done: isRequest ? "已批准" : "已接受",
      presets: isRequest ? ["已现场核实", "已与业主核实"] : ["已电话核实", "已现场核实", "属设备原因"],
      needsWords: false,
    },
    ask: {
      button: "退回核实",
      title: "退回网格员核实",
      told: "问题会发到网格员的手机上；答复后本条重新进入待审核。",
      done: "已退回核实",
      presets: ["请说明当时的情况", "请补充现场照片", "请核对手机时间和定位设置"],
      needsWords: true,
    },
    void: {
      button: isRequest ? "不予批准" : "作废",
      title: isRequest ? "不予批准这项申请" : "作废这条记录",
      told: isRequest ? "所画范围仍须巡查。记录和理由保留。" : `${COUNTED[kind] ?? "立即不再计入覆盖。"}作废后不能恢复，记录和理由保留。`,
      done: isRequest ? "已不予批准" : "已作废",
      presets: isRequest ? ["现场可以进入", "照片不能说明情况", "范围画得过大"] : kind === "visit" ? ["不是本人检查", "没有进入场所", "定位不真实", "照片不属于此处"] : ["不是本人巡查", "与他人轨迹雷同", "定位不真实", "照片不属于此处"],
      needsWords: true,
    },
  };
}

/** The same for requests that came with an import. @param {string} effect @returns {Record<import("./types.js").Decision, Deed>} */
export function requestDeedsOf(effect) {
  const deeds = deedsOf("inaccessible");
  const counted = effect === "excluded" ? "不再计入应查面积" : "按“无法进入”计";
  return { ...deeds, accept: { ...deeds.accept, told: `批准后，这块地自今日起${counted}。` }, void: { ...deeds.void, told: "这块地仍须巡查。申请和理由保留。" } };
}
