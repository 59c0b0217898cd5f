/**
 * Shapes of the service's answers about reports, for the type checker only.
 *
 * @typedef {"F1"|"F2"|"F3"|"F4"} FormCode
 * @typedef {import("../types.js").Step} Step
 * @typedef {import("../types.js").Person} Person
 * @typedef {string|number|boolean|null} Cell
 * @typedef {{unit: Step, path: Step[], below: Step[], tops: Step[]}} Whereabouts
 *
 * @typedef {object} Form
 * @property {FormCode} form
 * @property {string} title
 * @property {Step} unit
 * @property {string} first_day
 * @property {string} last_day
 * @property {string[]} above from left to right
 * @property {{text: string, rows: number, columns: number}[][]} heads
 * @property {{text: string, kind: "text"|"number"|"money"|"tick", width: number}[]} columns
 * @property {Cell[][]} rows
 * @property {Cell[]|null} total
 * @property {string[]} notes
 * @property {string[]} signatures
 * @property {number|null} levels_checked
 *
 * @typedef {object} Effort
 * @property {string} id
 * @property {Step} unit
 * @property {string} first_day
 * @property {string} last_day
 * @property {number} teams
 * @property {number} person_times
 * @property {string|null} words
 * @property {string} recorded_by
 * @property {string} recorded_at
 * @property {string|null} withdrawn_why
 * @property {string|null} withdrawn_by
 *
 * @typedef {{row: number, kind: "error"|"duplicate"|"warning"|"skipped", text: string}} RowProblem
 *
 * @typedef {object} Import
 * @property {"F1"|"F3"} form
 * @property {string} file_name
 * @property {string|null} encoding
 * @property {string|null} sheet
 * @property {string[]} other_sheets
 * @property {number} header_row
 * @property {number} header_rows
 * @property {string[]} headers
 * @property {{key: string, text: string, required: boolean}[]} fields
 * @property {Record<string, string>} mapping
 * @property {string[]} missing
 * @property {string[][]} sample
 * @property {number} rows
 * @property {number} ready
 * @property {number} finished
 * @property {number} duplicates
 * @property {number} skipped
 * @property {number} errors
 * @property {RowProblem[]} problems
 * @property {number} problems_left_off
 * @property {number|null} imported
 * @property {string[]} numbers
 *
 * @typedef {"F2"|"F4"} DueForm
 * @typedef {"missing"|"prepared"|"checked"|"signed"|"submitted"|"sent_back"|"replaced"} SubmissionState
 * @typedef {"refresh"|"check"|"sign"|"submit"|"send_back"|"correct"} Act
 * @typedef {{form: DueForm, first_day: string, last_day: string, due_at: string}} Term
 * @typedef {Term & {prepared_from: string}} Due
 * @typedef {Term & {units: number, submitted: number, late: number}} Tally
 * @typedef {{state: SubmissionState, state_text: string, submitted_at: string|null, was_late: boolean, why: string|null}} Progress
 * @typedef {Term & Progress & {id: string|null, unit: Step, version: number|null, in_force: number|null, late_since: string|null, sent_back_why: string|null}} Standing
 * @typedef {{unit: Step, now: string, next_due: Due[], own: Standing[], tallies: Tally[], below: Standing[]}} DeskOut
 * @typedef {Term & Progress & {id: string, unit: Step, version: number}} Version
 * @typedef {{step: string, step_text: string, words: string|null, by_name: string, at: string}} SubmissionStep
 *
 * @typedef {object} SubmissionParts
 * @property {string} digest
 * @property {Form} paper
 * @property {{code: string, name: string, why: string|null}[]} missing
 * @property {string[]} differences
 * @property {string[]} moved
 * @property {{seq: number, digest: string, by_name: string, at: string}|null} seal
 * @property {SubmissionStep[]} steps
 * @property {Version[]} versions
 * @property {Act[]} may
 * @typedef {Version & SubmissionParts} Submission
 *
 * @typedef {object} Desk what every pane works with
 * @property {Person} person
 * @property {URLSearchParams} query of the address bar
 * @property {(change: Record<string, string|null>) => void} go to another address of this page
 * @property {(words: string) => void} say
 * @property {Whereabouts} place
 */
export {};
