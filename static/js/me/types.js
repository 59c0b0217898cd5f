/**
 * @typedef {{
 *   retention_days: number,
 *   account: {phone: string|null},
 *   patrols?: {id: string, mode: string, started_at: string, review: string, raw_fixes: number|null, is_purged: boolean}[],
 *   marks?: {id: string, kind: string, made_at: string, area_m2: number, review: string}[],
 *   visits?: {id: string, site: string, visited_at: string, result: string, review: string}[],
 *   leads?: {id: string, note: string|null, made_at: string}[],
 *   photos?: {id: string, width: number, height: number, taken_at: string|null}[],
 *   looks_at_me?: {at: string, actor: string, what_name: string, address: string}[]
 * }} Kept
 * @typedef {{
 *   id: string, address: string, user_agent: string|null, created_at: string, last_seen_at: string, is_current: boolean
 * }} Device
 * @typedef {{
 *   id: string, name: string, rights: string[], unit_codes: string[]|null, expires_at: string,
 *   last_used_at: string|null, revoked_at: string|null
 * }} Token
 */

export {};
