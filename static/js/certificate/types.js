/** What checking a certificate answers. */

/**
 * @typedef {object} Known
 * @property {string} id
 * @property {string} unit_name
 * @property {string} first_day
 * @property {string} last_day
 * @property {string} signed_by
 * @property {string} signed_at
 * @property {number} seq
 * @property {string} entry_digest
 * @property {string} key_id
 * @property {"valid"|"superseded"|"sent_back"} state
 * @property {string} state_text
 * @property {string|null} ended_at
 * @property {string[]} problems
 */

/**
 * @typedef {object} Checked
 * @property {string} id
 * @property {boolean} holds
 * @property {boolean} is_trusted
 * @property {boolean} ended
 * @property {string[]} key_ids
 * @property {string} entry_digest
 * @property {number} seq
 * @property {number} entries
 * @property {{name: string, value: string}[]} facts
 * @property {string[]} problems
 */

export {};
