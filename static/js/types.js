/**
 * Shapes of the service's answers, for the type checker only.
 *
 * @typedef {"tracked"|"declared"|"stale"|"never_seen"|"inaccessible"|"excluded"|"unassigned"} ShareName
 * @typedef {"province"|"city"|"county"|"town"|"village"|"grid"} Level
 * @typedef {[number, number, number, number]} Bbox west, south, east, north in degrees
 * @typedef {{area_m2: number, percent: number}} Share
 * @typedef {{code: string, name: string, level: Level}} Step
 * @typedef {{code: string, name: string, phone: string|null}} Officer
 *
 * @typedef {object} Person who is signed in
 * @property {string} name
 * @property {string} username
 * @property {string} role
 * @property {string} role_name
 * @property {string|null} officer_code
 * @property {string[]} rights such as "tracks.read"
 * @property {boolean} is_everything
 * @property {Step[]} units
 * @property {{code: string, name: string}[]} grids
 * @property {boolean} must_change_password
 * @property {string} home path of their first page
 *
 * @typedef {{person: Person|null, csrf_token: string|null, oidc_name: string|null, password_length: number}} SessionState
 *
 * @typedef {object} Row
 * @property {string} code
 * @property {string} name
 * @property {Level} level
 * @property {string|null} parent_code
 * @property {number} area_m2
 * @property {Record<ShareName, Share>} shares
 * @property {number} domain_m2
 * @property {number|null} covered_percent
 * @property {number|null} declared_percent
 * @property {number} grid_count
 * @property {Bbox} bbox
 * @property {number|null} largest_blind_spot_m2
 * @property {{nobodys_land_m2: number, overlap_m2: number, outside_m2: number, slivers: number, no_officer: number, no_cycle: number}} defects
 * @property {boolean} generated
 * @property {string|null} [risk]
 * @property {number} [cycle_days]
 * @property {boolean} [cycle_stated]
 * @property {Officer|null} [officer]
 * @property {string|null} [last_seen]
 *
 * @typedef {Step & {bbox: Bbox}} Place
 *
 * @typedef {object} Status counts are of the reader's scope
 * @property {string} today
 * @property {string|null} first_day
 * @property {string|null} last_day
 * @property {number} units
 * @property {number} grids
 * @property {number} patrols
 * @property {Place[]} roots topmost units of the reader's scope
 * @property {Place[]} single_grids grids that the scope names by themselves, in none of its units
 * @property {boolean} is_everything whether the reader's scope is the whole installation
 * @property {number} territory_version
 * @property {number} change_number
 * @property {boolean} generated
 *
 * @typedef {{on: string, cycle_days: number|null, row: Row, path: Step[], children: Row[]}} Coverage
 * @typedef {[code: string, covered: number|null, declared: number|null, never_seen: number|null, area_m2: number]} Value
 *
 * @typedef {object} SpotProperties
 * @property {number} rank
 * @property {number} area_m2
 * @property {number} never_seen_m2
 * @property {Partial<Record<"too_fast"|"weak"|"gap", number>>} passed_m2
 * @property {string|null} last_seen
 * @property {number|null} age_days
 * @property {string} grid_code
 * @property {string} grid_name
 * @property {string} village_code
 * @property {string} village
 * @property {string} town
 * @property {Officer|null} officer
 * @property {string|null} risk
 * @property {number} cycle_days
 * @property {[number, number]} walk_to
 * @property {[number, number]} walk_to_gcj02
 *
 * @typedef {{type: "Feature", geometry: GeoJSON.Geometry, properties: SpotProperties}} Spot
 * @typedef {{type: "FeatureCollection", on: string, total_m2: number, returned: number, truncated: boolean, features: Spot[]}} Spots
 *
 * @typedef {object} Look of somebody whose records the reader may not see, only the kind and the day are told
 * @property {string|null} evidence_id
 * @property {string|null} officer_code
 * @property {string|null} officer_name
 * @property {string|null} mode null for what was declared
 * @property {string} kind
 * @property {string} day
 * @property {string|null} at
 * @property {string|null} label
 * @property {number|null} distance_m
 *
 * @typedef {object} LookedAt
 * @property {number} lon
 * @property {number} lat
 * @property {Step[]} path
 * @property {{code: string, name: string}|null} grid
 * @property {Officer|null} officer
 * @property {ShareName|null} share
 * @property {Look|null} last
 * @property {Look[]} looks
 * @property {number} total
 * @property {{reason: "too_fast"|"weak"|"gap", day: string}|null} passed
 *
 * @typedef {object} DefectProperties
 * @property {number} id
 * @property {"nobodys_land"|"overlap"|"outside"|"no_officer"|"no_cycle"} kind
 * @property {string} unit_code
 * @property {string} unit_name
 * @property {string[]} part_codes
 * @property {boolean} is_sliver
 * @property {number} area_m2
 * @property {number|null} width_m
 * @typedef {{type: "Feature", geometry: GeoJSON.Geometry|null, properties: DefectProperties}} Defect
 * @typedef {{type: "FeatureCollection", counts: Record<string, {count: number, area_m2: number, slivers: number}>, features: Defect[]}} Defects
 *
 * @typedef {{code: string, name: string, level: Level, bbox: Bbox, path_names: string[]}} Found
 *
 * @typedef {"units"|"grids"|"freshness"|"spots"|"defects"|"exclusions"|"tracks"|"sites"|"cases"} LayerName
 *
 * @typedef {object} State what the address bar holds
 * @property {string|null} unit unit code; null: the first root
 * @property {string|null} grid grid code, when one grid is looked at
 * @property {number|null} cycle days, or null for each grid's own
 * @property {string|null} on local day, or null for today
 * @property {LayerName[]} layers switched on
 * @property {{zoom: number, lat: number, lon: number}|null} view
 * @property {[number, number]|null} spot walk-to point of the chosen blind spot: lon, lat
 * @property {[number, number]|null} point place asked about: lon, lat
 *
 * @typedef {object} MapView what a map (MapLibre or Leaflet) must do for the page
 * @property {(bbox: Bbox, besideCard?: boolean) => void} fit with `besideCard`, clear of the card that opens
 * @property {(view: {zoom: number, lat: number, lon: number}) => void} jump
 * @property {(coverage: Coverage, status: Status) => void} show
 * @property {(spots: Spots) => void} showSpots
 * @property {(state: State) => void} showChoice
 * @property {(patrols: InProgress[]) => void} showOut patrols in progress
 *
 * @typedef {object} InProgress
 * @property {string} patrol_id
 * @property {string} mode
 * @property {"recording"|"paused"} state
 * @property {string} started_at
 * @property {string} updated_at
 * @property {number|null} lon
 * @property {number|null} lat
 * @property {number} length_m
 * @property {number} minutes
 * @property {string|null} officer_name
 *
 * @typedef {object} News what changed, in a person's scope
 * @property {number} change
 * @property {string[]|null} units codes of the units concerned and of those above; null: any
 * @property {string[]} kinds
 * @property {number|null} out_now how many are out; null: not for this person to know
 * @property {number} spread_s over how long pages spread their reading
 */
export {};
