/**
 * @typedef {{code: string, name: string}} Place
 * @typedef {{
 *   id: number, username: string, name: string, role: string, role_name: string, officer_code: string|null,
 *   phone: string|null, oidc_subject: string|null, is_everything: boolean, units: Place[], grids: Place[],
 *   has_password: boolean, must_change_password: boolean, is_demo: boolean, is_self: boolean,
 *   disabled_at: string|null, last_seen_at: string|null
 * }} Account
 * @typedef {{
 *   id: number, at: string, actor: string, via: string, address: string, what_name: string, route: string,
 *   subject: string, officer_codes: string[], facts: Record<string, unknown>
 * }} AuditEntry
 * @typedef {{
 *   id: number, name: string, format: string, address: string, unit_code: string, unit_name: string,
 *   enabled: boolean, last: {day: string, sent_at: string|null, error: string|null}|null
 * }} Webhook
 */

export {};
