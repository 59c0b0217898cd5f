/**
 * Shapes of the service's answers about leads, for the type checker only.
 *
 * @typedef {{code: string, name: string}} Named
 * @typedef {{id: string, name: string, code: string|null}} SiteName
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} state
 * @property {string} state_text
 * @property {string} source
 * @property {string} source_text
 * @property {string|null} number
 * @property {string} what
 * @property {string} what_text
 * @property {string|null} note
 * @property {string|null} subject_name
 * @property {string|null} subject_uscc
 * @property {string|null} address
 * @property {string|null} officer_name
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {Named|null} unit
 * @property {Named|null} grid
 * @property {Named|null} responsible
 * @property {Named|null} assigned_to
 * @property {string|null} deadline
 * @property {string[]} omissions
 * @property {SiteName|null} site
 * @property {SiteName|null} tenancy
 * @property {boolean} no_known_site
 * @property {number} version
 * @property {string} made_at
 * @property {string} received_at
 *
 * @typedef {{total: number, counts: Record<string, number>, omissions: Record<string, number>, items: Row[]}} Page
 *
 * @typedef {object} LeadEvent
 * @property {string} kind
 * @property {string} kind_text
 * @property {string|null} from_state
 * @property {string} to_state
 * @property {string|null} words
 * @property {Record<string, any>} facts
 * @property {string} by_name
 * @property {string} at
 *
 * @typedef {object} DetailOnly
 * @property {{id: string, taken_at: string}[]} photos
 * @property {Record<string, any>} facts
 * @property {string|null} visit_id
 * @property {string|null} reward_yuan
 * @property {LeadEvent[]} events
 * @property {string[]} steps
 * @property {Named[]} officers
 *
 * @typedef {Row & DetailOnly} Lead
 * @typedef {{is_anonymous: boolean, name: string|null, phone: string|null, words: string|null}} Reporter
 *
 * @typedef {object} PowerReport
 * @property {boolean} is_replay
 * @property {string[]} months
 * @property {number} users
 * @property {number} judged
 * @property {number} too_short
 * @property {number} unreadable
 * @property {number} known
 * @property {number} new_users
 * @property {number} leads
 * @property {number} unplaced
 * @property {{id: string, name: string, words: string, is_placed: boolean}[]} items
 * @property {string[]} short_users
 * @property {{row: number|null, text: string}[]} problems
 *
 * @typedef {object} VehicleReport
 * @property {boolean} is_replay
 * @property {string} plate
 * @property {number} fixes
 * @property {number} stops
 * @property {number} leads
 * @property {number} at_sites
 * @property {number} outside
 * @property {number} known
 * @property {{from_at: string, until_at: string, minutes: number, verdict: string, text: string, lead_id: string|null}[]} items
 * @property {string[]} notes
 */
export {};
