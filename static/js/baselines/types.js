/**
 * What the service answers about baselines.
 *
 * @typedef {"unmatched"|"doubtful"|"matched"|"absent"} RowState
 * @typedef {{rows: number, matched: number, doubtful: number, unmatched: number, absent: number, matched_checked: number,
 *   checked: number, check_rate_percent: number|null, placed: number}} Figures
 * @typedef {{id: string, name: string, kind: string, kind_text: string, department: string, as_of: string,
 *   unit_code: string, unit_name: string, state: "waiting"|"matching"|"ready"|"failed", state_text: string,
 *   failure: string|null, progress: {done: number, total: number}, matched_at: string|null, withdrawn_at: string|null,
 *   withdrawn_by: string|null, withdrawn_why: string|null, created_at: string, created_by: string, is_part: boolean,
 *   is_mine: boolean, figures: Figures}} ListRow
 * @typedef {{on: string, total: number, items: ListRow[], kinds: Record<string, string>}} Lists
 * @typedef {{row: number, what: string}} Problem
 * @typedef {{read: number, kept: number, identical: number, identical_rows: number[], skipped: number,
 *   skipped_rows: Problem[], repeated: number, bad_codes: number, without_code: number, unplaced: number,
 *   bad_places: number, with_findings: number, problems: Problem[]}} Report
 * @typedef {{kind: string, words: string|null, by_name: string, at: string, from_state: string|null,
 *   to_state: string|null}} Event
 * @typedef {ListRow & {file_name: string, encoding: string|null, mapping: Record<string, string>, datum: string|null,
 *   report: Report|null, events: Event[], on: string, bounds: import("../types.js").Bbox|null}} ListDetail
 * @typedef {{site_id: string, site_code: string, site_name: string, site_kind: string, site_address: string|null,
 *   tenancy_id: string|null, tenant_name: string|null, tenant_uscc: string|null, lon: number|null, lat: number|null,
 *   state: string|null, state_text: string|null}} Target
 * @typedef {{rank: number, score: number, reasons: string[], target: Target|null}} Candidate
 * @typedef {{id: number, row_number: number, name: string|null, uscc: string|null, uscc_valid: boolean,
 *   address: string|null, contact: string|null, lon: number|null, lat: number|null, unit_code: string|null,
 *   unit_name: string|null, extra: Record<string, string>, findings: string[], state: RowState, state_text: string,
 *   is_checked: boolean, score: number|null, reasons: string[], target: Target|null, candidates: Candidate[],
 *   decided_by: string|null, decided_at: string|null, decided_why: string|null, visited_on: string|null}} Row
 * @typedef {Row & {events: Event[]}} RowDetail
 * @typedef {{total: number, items: Row[]}} Rows
 * @typedef {{file_name: string, encoding: string|null, sheet: string|null, other_sheets: string[], header_row: number,
 *   header_rows: number, columns: string[], mapping: Record<string, string>, fields: Record<string, string>,
 *   required: string[], row_count: number, sample: string[][], sample_row_numbers: number[]}} Preview
 * @typedef {{state: ""|RowState, checked: ""|"true"|"false", findings: ""|"true", q: string}} Asked
 */

export {};
