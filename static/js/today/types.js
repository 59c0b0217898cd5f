/**
 * What /api/today answers.
 *
 * @typedef {object} DayRow
 * @property {string} code
 * @property {string} name
 * @property {import("../types.js").Level} level
 * @property {number} grid_count
 * @property {number} without_officer
 * @property {number} officers
 * @property {number} out
 * @property {number} patrolled
 * @property {number} waiting begun, nothing uploaded yet
 * @property {number} not_started
 * @property {number} falling_grids
 * @property {number} falling_m2
 * @property {number|null} falling_percent
 * @property {number} overdue_grids
 * @property {number} overdue_m2
 * @property {number|null} overdue_percent
 * @property {number} never_seen_m2
 *
 * @typedef {object} OfficerDay
 * @property {string} code
 * @property {string} name
 * @property {string|null} phone
 * @property {string} unit
 * @property {string|null} town
 * @property {string[]} grids
 * @property {string|null} mode
 * @property {string|null} since
 * @property {string|null} last_at
 * @property {number|null} minutes
 * @property {number|null} length_m
 * @property {number} patrols
 *
 * @typedef {object} GridDay
 * @property {string} code
 * @property {string} name
 * @property {string} unit
 * @property {string|null} town
 * @property {number} cycle_days
 * @property {number} area_m2
 * @property {number|null} percent
 * @property {string|null} officer
 * @property {string|null} phone
 *
 * @typedef {"out"|"waiting"|"not_started"|"patrolled"} DutyState
 *
 * @typedef {object} Today
 * @property {string} at
 * @property {string} on
 * @property {number} horizon_days
 * @property {number} most
 * @property {DayRow} unit
 * @property {import("../types.js").Step[]} path
 * @property {DayRow[]} children
 * @property {OfficerDay[]} out
 * @property {OfficerDay[]} waiting
 * @property {OfficerDay[]} not_started
 * @property {OfficerDay[]} patrolled
 * @property {GridDay[]} falling
 * @property {GridDay[]} overdue
 */
export {};
