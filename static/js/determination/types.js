/** What the determination answers, as app/determination/schemas.py says it. */

/**
 * @typedef {{code: string, name: string, level: string}} Unit
 * @typedef {{count: number|null, area_m2: number|null}} Threshold
 * @typedef {object} Policy
 * @property {number} version 0: strict, nobody has set one
 * @property {Unit|null} unit
 * @property {string|null} valid_from
 * @property {Record<string, Threshold>} thresholds
 * @property {string} words
 * @property {string|null} set_by
 *
 * @typedef {object} KindCount
 * @property {string} kind
 * @property {string} category
 * @property {string} text
 * @property {number} number
 * @property {number|null} area_m2
 * @property {number} excepted
 * @property {Threshold} limit
 * @property {boolean} blocks
 *
 * @typedef {object} Exception
 * @property {string} id
 * @property {string} kind
 * @property {string} kind_text
 * @property {string} subject
 * @property {string} name
 * @property {Unit} unit
 * @property {number|null} area_m2
 * @property {string} reason
 * @property {string} until
 * @property {string} state
 * @property {string} state_text
 * @property {string} requested_by
 * @property {string|null} decided_by
 * @property {string|null} decided_words
 * @property {boolean} may_decide
 * @property {boolean} is_own
 *
 * @typedef {{unit: Unit, number: number, kinds: Record<string, number>}} Child
 *
 * @typedef {object} Told GET /api/determination
 * @property {Unit} unit
 * @property {string} first_day
 * @property {string} last_day
 * @property {KindCount[]} counts
 * @property {Policy} policy
 * @property {Exception[]} exceptions
 * @property {boolean} blocks
 * @property {Record<string, string>} categories
 * @property {Unit[]} above
 * @property {Child[]} children
 * @property {number} outside_children
 * @property {number} waiting
 * @property {{statement: string, unseen_sites_why_not: string|null, unseen_sites: {assumptions: string[], method: string}|null}|null} residual_risk
 *
 * @typedef {object} Row
 * @property {string} kind
 * @property {string} kind_text
 * @property {string} subject
 * @property {string} name
 * @property {Unit|null} unit
 * @property {{code: string, name: string}|null} grid
 * @property {{code: string, name: string, phone: string|null}|null} officer
 * @property {string|null} since
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {boolean} place_is_rough
 * @property {number|null} area_m2
 * @property {string} page
 * @property {Record<string, any>|null} facts
 * @property {Exception|null} exception
 *
 * @typedef {object} Attestation
 * @property {string} id
 * @property {Unit} unit
 * @property {string} state
 * @property {string} state_text
 * @property {string} signed_by
 * @property {string} signed_at
 * @property {string|null} why
 *
 * @typedef {object} Signing GET /api/determination/signing
 * @property {string[]} heads
 * @property {boolean} may_sign
 * @property {string|null} sign_as
 * @property {string|null} why_not
 * @property {Attestation|null} attestation
 * @property {Attestation[]} below
 *
 * @typedef {object} Asked what the address asks for; "" is the default
 * @property {string} unit
 * @property {string} first_day
 * @property {string} last_day
 * @property {string} kind
 */

export {};
