/**
 * What /api/overview answers.
 *
 * @typedef {{on: string, covered_percent: number|null, declared_percent: number|null}} TrendPoint
 *
 * @typedef {object} SpotRow
 * @property {number} area_m2
 * @property {string|null} last_seen
 * @property {number|null} age_days
 * @property {string} grid_code
 * @property {string} grid_name
 * @property {string} village
 * @property {string|null} town
 * @property {string|null} officer_name
 * @property {[number, number]} walk_to
 *
 * @typedef {{states: Record<string, number>, omissions: Record<string, number>}} Register
 * @typedef {{id: string, name: string, kind_text: string, as_of: string, rows: number, checked: number, percent: number|null}} ListRate
 *
 * @typedef {object} Overview a part is null when the reader has no right to it
 * @property {string} at
 * @property {string} on
 * @property {number} horizon_days
 * @property {import("../types.js").Step[]} path
 * @property {import("../types.js").Row} unit
 * @property {import("../types.js").Row[]} children
 * @property {TrendPoint[]} trend
 * @property {{total_m2: number, items: SpotRow[]}} spots
 * @property {import("../today/types.js").DayRow|null} today
 * @property {Record<string, number>|null} sites
 * @property {(Register & {supervised: number})|null} cases
 * @property {Register|null} leads
 * @property {{total: number, items: ListRate[]}|null} lists
 * @property {{open: number, overdue: number, done: number, withdrawn: number, levels: Record<string, number>}|null} orders
 * @property {{since: string, own: string|null, children: number, valid: number, superseded: number, sent_back: number, unsigned: number}} signing
 */
export {};
