/**
 * Shapes of orders as the service answers them.
 *
 * @typedef {{code: string, name: string}} Named
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} subject_kind
 * @property {string} subject_kind_text
 * @property {string} subject
 * @property {string|null} subject_id
 * @property {string|null} baseline_id
 * @property {string|null} omission
 * @property {string} name
 * @property {string|null} words
 * @property {string} task
 * @property {Named} unit
 * @property {Named|null} grid
 * @property {number|null} lon WGS-84
 * @property {number|null} lat
 * @property {number|null} area_m2
 * @property {Named} officer
 * @property {string|null} officer_phone
 * @property {string} deadline
 * @property {number} days_left
 * @property {boolean} is_overdue
 * @property {"open"|"done"|"withdrawn"} state
 * @property {string} state_text
 * @property {string|null} done_on
 * @property {"village"|"town"|"county"|"city"|"province"} level
 * @property {string} level_text
 * @property {string|null} climbed_on
 * @property {string|null} supervised
 * @property {string} created_by
 * @property {string} created_at
 * @property {number} version
 *
 * @typedef {{open: number, overdue: number, done: number, withdrawn: number, levels: Record<string, number>}} Counts
 * @typedef {{total: number, counts: Counts, items: Row[]}} Page
 * @typedef {{kind: string, kind_text: string, words: string|null, facts: Record<string, any>, by_name: string, at: string}} Event
 *
 * @typedef {object} Detail
 * @property {Record<string, any>|null} done_by
 * @property {{tracked_percent: number, declared_percent: number, needed_percent: number}|null} progress
 * @property {Event[]} events
 * @property {(Named & {phone: string|null, open_orders: number})[]} officers
 * @property {boolean} may_ease  may take it back or give it more time
 *
 * @typedef {Row & Detail} Order
 */
export {};
