/**
 * What the service tells of cases; see app/cases/schemas.
 *
 * @typedef {Record<string, string>} Words code -> text
 * @typedef {{categories: Words, chemical_kinds: Words, stages: Words, ways: Words, states: Words, items: Words, relations: Words, levels: Words, omissions: Words}} Choices
 *
 * @typedef {object} CaseRow
 * @property {string} id
 * @property {string} number
 * @property {string} party_name
 * @property {string} category
 * @property {string} category_text
 * @property {{code: string, name: string}} unit
 * @property {string} address
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {string} found_on
 * @property {string} deadline
 * @property {number|null} days_left negative past the deadline, null when finished
 * @property {string} state
 * @property {string} state_text
 * @property {string|null} closed_on
 * @property {string|null} supervised_level
 * @property {string|null} handler_name
 * @property {number} relapses
 * @property {string[]} omissions
 *
 * @typedef {{all: number, states: Record<string, number>, categories: Record<string, number>, omissions: Record<string, number>, supervised: number}} Counts
 * @typedef {{total: number, counts: Counts, bounds: [number, number, number, number]|null, items: CaseRow[], choices: Choices}} Cases
 *
 * @typedef {{id: number, kind: string, kind_name: string, from_state: string|null, to_state: string, on_day: string, changes: Record<string, [any, any]>, words: string|null, by_name: string, at: string}} CaseEvent
 * @typedef {{id: string, file_name: string, media_type: string, sha256: string, byte_count: number, what: string, taken_on: string|null, withdrawn_why: string|null, added_at: string, added_by: string, url: string, proves: string[]}} Attachment
 * @typedef {{item: string, name: string, done_on: string|null, words: string|null, recorded_by: string|null, attachment_ids: string[], missing: string[]}} ClosureItem
 * @typedef {{id: string, round: number, due_on: string, may_from: string, done_on: string|null, result: string|null, words: string|null, by_name: string|null, visit_id: string|null, is_missed: boolean}} LookBack
 * @typedef {{number: string, county_name: string|null, in_scope: boolean, id: string|null, party_name: string|null, state: string|null, category: string|null}} OtherCase
 * @typedef {{id: string, relation: string, relation_name: string, other_case: OtherCase|null, other_name: string|null, other_uscc: string|null, other_address: string|null, lon: number|null, lat: number|null, words: string|null, added_by: string|null, may_remove: boolean}} CaseLink
 * @typedef {{key: string, name: string, note: string, case_id: string|null, state: string|null, column: number, row: number, hop: number, lon: number|null, lat: number|null}} GraphNode
 * @typedef {{source: string, target: string, text: string}} GraphEdge
 * @typedef {{nodes: GraphNode[], edges: GraphEdge[], left_out: number}} Graph
 * @typedef {{step: string, name: string, needs: string[]}} NextStep
 * @typedef {{name: string, amount: number|null, unit: string|null}} Chemical
 *
 * @typedef {object} CaseOwn
 * @property {number} version
 * @property {string|null} party_uscc
 * @property {string|null} chemical_kind
 * @property {string|null} grid_code
 * @property {string|null} responsible_name
 * @property {string|null} responsible_phone
 * @property {string[]} stages
 * @property {Chemical[]} chemicals
 * @property {string} description
 * @property {string|null} measures
 * @property {string|null} way_to_close
 * @property {boolean} is_shut
 * @property {boolean} is_suspended
 * @property {boolean} is_dismantled
 * @property {string|null} handler_phone
 * @property {string|null} supervised_on
 * @property {string|null} filed_on
 * @property {number} fine_wan
 * @property {string|null} fined_on
 * @property {number} confiscated_wan
 * @property {string|null} confiscated_on
 * @property {number} transferred_persons
 * @property {string|null} transferred_on
 * @property {number} detained_persons
 * @property {number} disciplined_persons
 * @property {string} created_at
 * @property {string} created_by
 * @property {string[]} place_names
 * @property {{kind: string, id: string, text: string}[]} sources
 * @property {ClosureItem[]} closure
 * @property {LookBack[]} look_backs
 * @property {Attachment[]} attachments
 * @property {{id: string, url: string, taken_at: string}[]} visit_photos
 * @property {CaseLink[]} links
 * @property {Graph} graph
 * @property {CaseEvent[]} events
 * @property {NextStep[]} next_steps
 * @property {boolean} may_manage
 * @property {Choices} choices
 * @property {Words} fields
 * @typedef {CaseRow & CaseOwn} CaseDetail
 *
 * @typedef {object} Desk what the parts of a file ask of the page
 * @property {(detail: CaseDetail, said: string) => void} changed show what the service answered, and say it
 * @property {() => void} stale somebody else was faster: show the file anew
 * @property {(id: string) => void} open another case
 */

export {};
