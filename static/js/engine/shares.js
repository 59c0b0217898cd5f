/** The shares of a grid from its masks and last-seen days: a port of geo/shares.py, cell by cell. */

import { CELLS_PER_TILE, TILE_SIZE, tileRowArea_cm2 } from "./frame.js";

/** @typedef {import("../types.js").ShareName} ShareName */
/** @typedef {{x: number, y: number, mask: Uint8Array, tracked: Uint16Array, declared: Uint16Array}} ZoneTile day 0: never */

// A mask's values, as in geo/zones.py: the class in the low two bits.
export const CLASS_BITS = 3;
export const INACCESSIBLE = 2;
export const EXCLUDED = 3;
const NEVER = 0;

/** @type {ShareName[]} */
export const SHARES = ["tracked", "declared", "stale", "never_seen", "inaccessible", "excluded", "unassigned"];
const [TRACKED, DECLARED, STALE, NEVER_SEEN, IS_INACCESSIBLE, IS_EXCLUDED] = SHARES.keys();

/**
 * Which share a cell of a zone falls into; an index of SHARES.
 * @param {number} mask not 0 @param {number} tracked @param {number} declared days @param {number} before in the cycle: seen after this day
 */
export function shareOf(mask, tracked, declared, before) {
  const kind = mask & CLASS_BITS;
  if (kind === EXCLUDED) return IS_EXCLUDED;
  if (tracked > before) return TRACKED;
  if (declared > before) return DECLARED;
  if (kind === INACCESSIBLE) return IS_INACCESSIBLE;
  return tracked !== NEVER || declared !== NEVER ? STALE : NEVER_SEEN;
}

/** The last day that is out of the cycle. @param {number} onDay @param {number} cycle_days */
export function beforeCycle(onDay, cycle_days) {
  return Math.max(onDay - cycle_days, NEVER);
}

/**
 * Ground of a zone by share, whole cm2, in the order of SHARES.
 * @param {Iterable<ZoneTile>} tiles @param {number} cycle_days @param {number} onDay
 * @returns {number[]}
 */
export function shares_cm2(tiles, cycle_days, onDay) {
  const before = beforeCycle(onDay, cycle_days);
  const sums = SHARES.map(() => 0);
  for (const { y, mask, tracked, declared } of tiles) {
    const area = tileRowArea_cm2(y);
    for (let index = 0; index < CELLS_PER_TILE; index++) {
      if (mask[index]) sums[shareOf(mask[index], tracked[index], declared[index], before)] += area[Math.floor(index / TILE_SIZE)];
    }
  }
  return sums;
}

/** Tracked of what must be covered, floored to 0.1; null when there is nothing. @param {number[]} sums_cm2 of shares_cm2 */
export function coveredPercent(sums_cm2) {
  const domain = sums_cm2.reduce((sum, part) => sum + part, 0) - sums_cm2[IS_EXCLUDED];
  return domain ? Math.floor((sums_cm2[TRACKED] * 1000) / domain) / 10 : null;
}
