/** Where I am sent (派单): kept for a day without a network, told seen once, and led to like a blind spot. */

import { bearing_deg, distance_m } from "../engine/tracks.js";

/** @typedef {import("./types.js").FieldOrder} FieldOrder */
/** @typedef {import("./spots.js").Near} Near */

const PREFIX = "order:";

export class Orders {
  /** @param {import("./field.js").Field} field */
  constructor(field) {
    this.field = field;
    /** @type {FieldOrder[]} the most urgent first */
    this.list = [];
    /** @type {string[]} those of which it waits or went that I saw them */
    this.told = [];
  }

  async open() {
    this.list = (await this.field.store.kept("orders")) ?? [];
    this.told = (await this.field.store.kept("orders-seen")) ?? [];
  }

  /** @param {FieldOrder[]} given */
  async take(given) {
    this.list = given;
    await this.field.store.keep("orders", given);
  }

  /** Those that the person has not looked at yet. */
  get fresh() {
    return this.list.filter((order) => !order.is_seen && !this.told.includes(order.id));
  }

  /** They are before the person's eyes now: tell so, once, whenever there is a network. */
  async saw() {
    const fresh = this.fresh;
    if (!fresh.length) return;
    const known = new Set(this.list.map(({ id }) => id));
    this.told = [...this.told.filter((id) => known.has(id)), ...fresh.map(({ id }) => id)];
    const items = fresh.map((order, at) => ({
      id: `seen:${order.id}`,
      officer_code: this.field.store.officer_code,
      kind: /** @type {const} */ ("seen"),
      title: order.name,
      created_at: Date.now(),
      order: at,
      needs: [],
      body: { order_id: order.id },
      bytes: null,
      parked: null,
    }));
    await this.field.store.enqueue(items, [["orders-seen", this.told]]);
    await this.field.outbox.reload();
    void this.field.outbox.flush();
  }

  /** Be led to an order from now on. @param {FieldOrder} order */
  lead(order) {
    this.field.target = PREFIX + order.id;
  }

  /** The order that I am led to, as a blind spot is; null when it is none, or nobody knows where it is. @returns {Near|null} */
  target() {
    const id = this.field.target;
    const order = id?.startsWith(PREFIX) ? this.list.find((each) => PREFIX + each.id === id) : null;
    if (!order || order.lon === null || order.lat === null) return null;
    const walk_to = { lon: order.lon, lat: order.lat };
    const here = this.field.position.here;
    return {
      id: PREFIX + order.id,
      name: order.name,
      grid_code: "",
      geometry: order.outline ?? { type: "Point", coordinates: [order.lon, order.lat] },
      area_m2: order.area_m2 ?? 0,
      left_m2: 0,
      walk_to,
      distance_m: here && distance_m(here, walk_to),
      bearing_deg: here && bearing_deg(here, walk_to),
    };
  }

  /** Whether the last day is over, also when nobody could be asked. @param {FieldOrder} order */
  isOverdue(order) {
    const offset_ms = (this.field.package?.utc_offset_s ?? 28_800) * 1000;
    return order.deadline < new Date(Date.now() + offset_ms).toISOString().slice(0, 10);
  }
}

/** Whether a target is an order and not a blind spot. @param {string} id */
export const isOrder = (id) => id.startsWith(PREFIX);
