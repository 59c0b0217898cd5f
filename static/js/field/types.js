/**
 * Shapes that the phone page works with: what it is given, what it keeps, what it sends.
 *
 * @typedef {"foot"|"vehicle"|"drone"} Mode
 * @typedef {import("../engine/tracks.js").TrackRules} TrackRules
 *
 * @typedef {object} PackageTile
 * @property {number} x
 * @property {number} y
 * @property {string} mask base64 of zlib of 65,536 bytes
 * @property {string|null} tracked base64 of zlib of 65,536 little-endian 16-bit days
 * @property {string|null} declared
 *
 * @typedef {object} PackageGrid
 * @property {string} code
 * @property {string} name
 * @property {string} unit_name
 * @property {string|null} risk
 * @property {number} cycle_days
 * @property {import("../types.js").Bbox} bbox
 * @property {GeoJSON.Polygon|GeoJSON.MultiPolygon} geometry
 * @property {PackageTile[]} tiles
 *
 * @typedef {{code: string, name: string}} Choice
 *
 * @typedef {object} Package GET /api/field/package
 * @property {string} server_time
 * @property {string} today
 * @property {number} utc_offset_s
 * @property {{code: string, name: string|null}} officer
 * @property {Record<Mode, TrackRules>} rules
 * @property {Choice[]} mark_reasons
 * @property {Choice[]} inaccessible_reasons
 * @property {Choice[]} lead_kinds
 * @property {number} retention_days
 * @property {PackageGrid[]} grids
 * @property {{type: "FeatureCollection", features: any[]}} blind_spots
 * @property {{type: "FeatureCollection", features: any[]}} exclusions
 * @property {string|null} [message]
 * @property {PackageSite[]} [sites] of my grids; a package kept before there were any has none
 * @property {number} [sites_total] with those beyond the package's bound
 * @property {Record<string, {code: string, text: string}[]>} [checklists] by kind of site
 * @property {Choice[]} [not_entered_reasons]
 *
 * @typedef {{id: string, parent_id: string|null, tenant_name: string, floor_unit: string|null, depth: number}} PackageTenancy
 *
 * @typedef {object} PackageSite
 * @property {string} id
 * @property {string} code
 * @property {string} name
 * @property {string} kind
 * @property {string} occupancy
 * @property {string|null} address
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {GeoJSON.Geometry|null} outline
 * @property {string|null} risk
 * @property {import("../sitestates.js").SiteStateCode} state
 * @property {string|null} due_on
 * @property {PackageTenancy[]} tenancies current ones, parents before children
 *
 * @typedef {object} VisitDraft what was filled in of a visit; "" is nothing yet
 * @property {string} id of the visit it will be
 * @property {string} site_id
 * @property {""|"yes"|"no"} entered
 * @property {string} why
 * @property {Record<string, "yes"|"no">} seen by tenancy
 * @property {Record<string, "yes"|"no"|"not_applicable">} checklist by item
 * @property {{id: string, tenant_name: string, floor_unit: string}[]} tenants new ones
 * @property {string} note
 * @property {""|"nothing_found"|"problem_found"} result
 *
 * @typedef {object} KeptFix a position as the device gave it, in the datum of its patrol
 * @property {string} patrol_id
 * @property {number} lon
 * @property {number} lat
 * @property {number} time UTC epoch ms
 * @property {number|null} accuracy_m
 * @property {number|null} speed_m_s
 * @property {number|null} heading_deg
 *
 * @typedef {"WGS-84"|"GCJ-02"} PhoneDatum
 *
 * @typedef {object} Patrol
 * @property {string} id
 * @property {string} officer_code
 * @property {Mode} mode
 * @property {PhoneDatum} datum
 * @property {"recording"|"paused"|"stopped"|"sent"} state
 * @property {number} started_at
 * @property {number|null} stopped_at
 * @property {number|null} sent_at
 *
 * @typedef {"photo"|"patrol"|"import"|"mark"|"lead"|"visit"|"answer"|"seen"} ItemKind
 *
 * @typedef {object} OutboxItem one request that waits for the server's yes
 * @property {string} id of the record or photo
 * @property {string} officer_code
 * @property {ItemKind} kind
 * @property {string} title
 * @property {number} created_at
 * @property {number} order
 * @property {string[]} needs ids that must have gone before
 * @property {Record<string, any>} body what is sent as JSON, as form fields (import) or in the address (photo)
 * @property {ArrayBuffer|null} bytes of a photo or a file
 * @property {{message: string, status: number}|null} parked why it needs a person
 *
 * @typedef {object} Position where the phone is, WGS-84
 * @property {number} lon
 * @property {number} lat
 * @property {number} accuracy_m
 * @property {number} time_ms
 *
 * @typedef {object} Photo taken and stamped, not yet in the outbox
 * @property {string} id
 * @property {ArrayBuffer} bytes
 * @property {string} taken_at ISO
 * @property {{lon: number, lat: number}|null} place
 *
 * @typedef {object} Question GET /api/field/inbox
 * @property {string} evidence_id
 * @property {string} kind
 * @property {string} asked_at
 * @property {string} question
 * @property {string} started_at
 * @property {string|null} label
 *
 * @typedef {object} AssignedLead GET /api/field/leads
 * @property {string} id
 * @property {string|null} number
 * @property {string} source_text
 * @property {string} what_text
 * @property {string|null} note
 * @property {string|null} address
 * @property {number|null} lon WGS-84
 * @property {number|null} lat
 * @property {string|null} deadline
 * @property {boolean} is_overdue
 * @property {string|null} site_id
 *
 * @typedef {object} FieldOrder GET /api/field/orders
 * @property {string} id
 * @property {string} subject_kind
 * @property {string} subject_kind_text
 * @property {string} name
 * @property {string|null} words
 * @property {string} task what is to be done
 * @property {string|null} address
 * @property {number|null} lon WGS-84
 * @property {number|null} lat
 * @property {GeoJSON.Geometry|null} outline of ground
 * @property {number|null} area_m2
 * @property {string|null} site_id
 * @property {string} deadline the last day
 * @property {boolean} is_overdue
 * @property {string} created_by
 * @property {string} created_at
 * @property {boolean} is_seen
 *
 * @typedef {object} SentRecord GET /api/field/records
 * @property {string} id
 * @property {string} kind
 * @property {string} started_at
 * @property {string} received_at
 * @property {string} review
 * @property {string[]} findings
 * @property {string|null} [label]
 * @property {number|null} [counted_length_m]
 * @property {number|null} [seen_m2]
 * @property {number|null} [area_m2]
 * @property {string|null} [state]
 */
export {};
