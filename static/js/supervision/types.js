/**
 * Shapes of the service's answers about supervision, for the type checker only.
 *
 * @typedef {import("../types.js").Step} Step
 * @typedef {import("../types.js").Person} Person
 * @typedef {{unit: Step, path: Step[], below: Step[], tops: Step[]}} Whereabouts
 * @typedef {{code: string, name: string, level: string}} UnitName
 *
 * @typedef {object} PlanRow
 * @property {string} id
 * @property {string} name
 * @property {string} kind
 * @property {string} kind_text
 * @property {UnitName} unit
 * @property {string|null} seed  null until the plan is over, for who does not supervise
 * @property {string} drawn_on
 * @property {string} by_name
 * @property {string|null} finished_at
 * @property {number} items
 * @property {number} final
 * @property {number} omissions
 *
 * @typedef {{total: number, items: PlanRow[], kinds: Record<string, string>, levels: Record<string, string[]>}} Plans
 *
 * @typedef {object} ItemRow
 * @property {string} id
 * @property {number} ordinal
 * @property {"F5"|"F6"|"F7"} form
 * @property {string} form_title
 * @property {string} name
 * @property {string|null} address
 * @property {string} unit_name
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {string} stratum_text
 * @property {string} why_text
 * @property {number} version
 * @property {"open"|"draft"|"final"} state
 * @property {string} state_text
 * @property {boolean|null} found_omission
 *
 * @typedef {{code: string, text: string, of: number, want: number|null, drawn: number}} Stratum
 * @typedef {PlanRow & {population_digest: string, strata: Stratum[], listed: ItemRow[], hidden: number}} Plan
 *
 * @typedef {object} Line
 * @property {number} number
 * @property {string} text
 * @property {"yes_no"|"number"|"words"} answering
 * @property {boolean} may_be_empty
 * @property {{text: string, answer: string|null, answer_text: string|null, page: string|null}|null} known
 * @property {string|null} answer
 * @property {number|null} count
 * @property {string|null} words
 *
 * @typedef {object} Version
 * @property {number} version
 * @property {boolean} is_final
 * @property {boolean|null} found_omission
 * @property {string|null} words
 * @property {string} by_name
 * @property {string} at
 * @property {number|null} lon
 * @property {number|null} lat
 *
 * @typedef {ItemRow & {plan_id: string, plan_name: string, is_closed: boolean, page: string|null, above: [string, string][], lines: Line[],
 *   words: string|null, answers: Record<string, string>, versions: Version[]}} Item
 *
 * @typedef {object} Check
 * @property {string} id
 * @property {UnitName} unit
 * @property {string} what
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {string} planted_on
 * @property {string} until
 * @property {boolean} is_over
 * @property {string|null} outcome
 * @property {string} outcome_text
 * @property {string|null} settled_on
 * @property {string|null} words
 * @property {string} by_name
 *
 * @typedef {{trials: number, misses: number, upper_percent: number, confidence_percent: number, method: string, text: string}} Share
 * @typedef {object} Unseen
 * @property {number} field
 * @property {string} register_name
 * @property {string} register_as_of
 * @property {number} register_sites
 * @property {number} both
 * @property {number} known
 * @property {number} unseen
 * @property {number} unseen_low
 * @property {number|null} unseen_high
 * @property {number} confidence_percent
 * @property {string} method
 * @property {string[]} assumptions
 * @property {string} text
 *
 * @typedef {object} Risk
 * @property {string} on
 * @property {UnitName} unit
 * @property {Unseen|null} unseen_sites
 * @property {string|null} unseen_sites_why_not
 * @property {Share|null} rechecks
 * @property {string|null} rechecks_why_not
 * @property {number} others
 * @property {number} other_misses
 * @property {Share|null} planted
 * @property {string|null} planted_why_not
 * @property {string} statement
 *
 * @typedef {object} Desk what a pane is shown with
 * @property {Person} person
 * @property {URLSearchParams} query
 * @property {Whereabouts} place
 * @property {boolean} supervises
 * @property {(change: Record<string, string|null>) => void} go
 * @property {(words: string) => void} say
 */

export {};
