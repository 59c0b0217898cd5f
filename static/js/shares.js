/** The seven shares of every unit, in the order in which bars and lists show them. */

/** @typedef {import("./types.js").ShareName} ShareName */

/** @type {{name: ShareName, label: string, hint: string}[]} */
export const SHARES = [
  { name: "tracked", label: "周期内已查", hint: "周期内有轨迹查看" },
  { name: "declared", label: "手工申报", hint: "手工标记，不计入已查" },
  { name: "stale", label: "已过期", hint: "看过，已超出周期" },
  { name: "never_seen", label: "从未查看", hint: "没有任何记录" },
  { name: "unassigned", label: "无主地", hint: "不属于任何网格" },
  { name: "inaccessible", label: "无法进入", hint: "已批准，仍计入应查" },
  { name: "excluded", label: "已批准扣除", hint: "水面等，不计入应查" },
];

/** @type {Record<ShareName, string>} */
export const SHARE_LABELS = /** @type {any} */ (Object.fromEntries(SHARES.map((share) => [share.name, share.label])));
