/**
 * Shapes of the service's answers about sites (app/sites/schemas/answers.py), for the type checker only.
 *
 * @typedef {import("../sitestates.js").SiteStateCode} SiteStateCode
 * @typedef {{code: string, name: string}} PlaceName
 * @typedef {{kind: string, text: string, since: string|null, tenancy_id: string|null, tenant_name: string|null}} Omission
 *
 * @typedef {object} SiteRow
 * @property {string} id
 * @property {string} code
 * @property {string} name
 * @property {string} kind
 * @property {string} kind_text
 * @property {string} occupancy
 * @property {string} occupancy_text
 * @property {string|null} shut_down_kind
 * @property {string|null} shut_down_text
 * @property {string|null} risk
 * @property {string|null} risk_text
 * @property {number} cycle_days
 * @property {string|null} address
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {PlaceName|null} unit
 * @property {PlaceName} stated_unit
 * @property {PlaceName|null} grid
 * @property {SiteStateCode} state
 * @property {string} state_text
 * @property {string|null} last_visit_on
 * @property {string|null} checked_on
 * @property {string|null} due_on
 * @property {number} tenancy_count
 * @property {number} unseen_count
 * @property {Omission[]} omissions
 * @property {number} version
 *
 * @typedef {{total: number, counts: Record<SiteStateCode, number>, items: SiteRow[]}} Sites
 *
 * @typedef {object} PreLeaseCheck
 * @property {string} id
 * @property {string} aspect
 * @property {string} aspect_text
 * @property {"passed"|"failed"|"not_applicable"} result
 * @property {string} result_text
 * @property {string} checked_by
 * @property {string} checked_on
 * @property {string|null} note
 * @property {boolean} counts
 *
 * @typedef {{name: string, amount: number|null, unit: string|null}} Chemical
 *
 * @typedef {object} Tenancy
 * @property {string} id
 * @property {string} site_id
 * @property {string|null} parent_id
 * @property {number} depth
 * @property {string} tenant_name
 * @property {string|null} uscc
 * @property {string|null} contact_name
 * @property {string|null} contact_phone
 * @property {string|null} floor_unit
 * @property {number|null} area_m2
 * @property {string|null} process
 * @property {string|null} main_risks
 * @property {Chemical[]} chemicals
 * @property {string|null} lease_from
 * @property {string|null} lease_to
 * @property {string} sublets
 * @property {string} sublets_text
 * @property {string} started_on
 * @property {string|null} ended_on
 * @property {string|null} ended_why
 * @property {boolean} is_current
 * @property {string} state
 * @property {string} state_text
 * @property {SiteStateCode|null} look
 * @property {string|null} look_text
 * @property {string|null} last_seen_on
 * @property {Omission[]} omissions
 * @property {PreLeaseCheck[]} checks
 * @property {number} version
 *
 * @typedef {object} SiteVisit
 * @property {string} id
 * @property {string} visited_at
 * @property {string} officer_code
 * @property {string|null} officer_name
 * @property {string} result
 * @property {string} result_text
 * @property {string|null} not_entered_why
 * @property {string|null} note
 * @property {number|null} distance_m
 * @property {number|null} accuracy_m
 * @property {string} state
 * @property {number} tenancies_seen
 * @property {number} tenancies_missed
 *
 * @typedef {{id: number, kind: string, kind_text: string, tenancy_id: string|null, tenant_name: string|null,
 *   changes: Record<string, any>, words: string|null, by_name: string, at: string}} SiteEvent
 *
 * @typedef {object} DetailFacts
 * @property {number|null} stated_cycle_days
 * @property {string|null} uscc
 * @property {string|null} lessor_name
 * @property {string|null} lessor_phone
 * @property {GeoJSON.Geometry|null} outline
 * @property {boolean} has_point
 * @property {string|null} source_datum
 * @property {string[]} unit_names
 * @property {string|null} dust_kind
 * @property {string|null} dust_confirmed_by
 * @property {string|null} dust_confirmed_on
 * @property {string|null} safety_officer
 * @property {string|null} provenance
 * @property {string|null} removed_on
 * @property {string|null} removed_why
 * @property {{code: string, name: string, phone: string|null}[]} officers
 * @property {Tenancy[]} tenancies
 * @property {SiteVisit[]} visits
 * @property {SiteEvent[]} events
 *
 * @typedef {SiteRow & DetailFacts} SiteDetail
 */
export {};
