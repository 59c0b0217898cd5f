/**
 * Shapes of the service's answers about reviews, for the type checker only.
 *
 * @typedef {"patrol"|"mark"|"inaccessible"|"report"|"visit"} RecordKind
 * @typedef {"none"|"open"|"asked"|"accepted"|"voided"} Review
 * @typedef {"accept"|"void"|"ask"} Decision
 * @typedef {"open"|"asked"|"decided"|"exclusions"} QueueState what the list shows
 * @typedef {{kind: string, text: string, facts: Record<string, unknown>, other_id: string|null}} Finding
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {RecordKind} kind
 * @property {string} officer_code
 * @property {string} officer_name
 * @property {string} started_at
 * @property {string} ended_at
 * @property {string} unit_name
 * @property {Finding[]} findings
 * @property {Review} review
 * @property {boolean} may_decide
 * @property {boolean} may_ask
 * @property {string|null} why_not
 *
 * @typedef {{code: string, name: string, count: number}} Choice
 *
 * @typedef {object} Queue
 * @property {number} total
 * @property {number} of_all_kinds
 * @property {Record<string, number>} records
 * @property {Record<string, number>} findings
 * @property {Record<string, string>} finding_names
 * @property {Choice[]} units
 * @property {Choice[]} officers
 * @property {Item[]} items
 *
 * @typedef {object} Series fixes in order of time; speed and reason tell of the way from the fix before
 * @property {number} fixes
 * @property {number[]} t_s
 * @property {number[]} lon
 * @property {number[]} lat
 * @property {(number|null)[]} speed_m_s
 * @property {(number|null)[]} accuracy_m
 * @property {(string|null)[]} left_out
 * @property {number} max_speed_m_s
 * @property {number} max_accuracy_m
 *
 * @typedef {{id: string, taken_at: string, lon: number|null, lat: number|null, own_taken_at: string|null}} Photo
 * @typedef {{step: "ask"|"answer"|"accept"|"void", words: string, by_name: string, at: string}} Step
 * @typedef {{id: string, in_scope: boolean, item: Item|null, track: GeoJSON.Geometry|null, area: GeoJSON.Geometry|null, photos: Photo[]}} Other
 * @typedef {{code: string, text: string, answer: "yes"|"no"|"not_applicable", answer_text: string, note: string|null}} ItemAnswered
 * @typedef {{tenancy_id: string, tenant_name: string, seen: boolean, is_new: boolean, note: string|null}} TenancySeen
 * @typedef {{site_id: string, site_name: string, result_text: string, not_entered_text: string|null, note: string|null, checklist: ItemAnswered[], tenancies: TenancySeen[]}} Visit
 *
 * @typedef {object} Detail
 * @property {Item} item
 * @property {{name: string, text: string}[]} facts
 * @property {GeoJSON.Geometry|null} track
 * @property {Series|null} series
 * @property {GeoJSON.Geometry|null} area
 * @property {GeoJSON.Point|null} place of a visited site
 * @property {Visit|null} visit
 * @property {GeoJSON.Point|null} position
 * @property {number|null} position_accuracy_m
 * @property {number|null} distance_m
 * @property {Photo[]} photos
 * @property {Step[]} steps
 * @property {Other[]} other
 *
 * @typedef {object} Exclusion
 * @property {string} code
 * @property {string|null} name
 * @property {string} kind
 * @property {string} effect
 * @property {string} reason
 * @property {string} requested_by
 * @property {string} since
 * @property {number} area_m2
 * @property {string} unit_name
 * @property {GeoJSON.Geometry} geometry
 * @property {boolean} may_decide
 * @property {string|null} why_not
 */
export {};
