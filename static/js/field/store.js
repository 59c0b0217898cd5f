/** What the phone keeps (IndexedDB). Everything belongs to one officer; nobody else's is read, shown or sent. */

import { openDB } from "idb";

/** @typedef {import("./types.js").Patrol} Patrol */
/** @typedef {import("./types.js").KeptFix} KeptFix */
/** @typedef {import("./types.js").OutboxItem} OutboxItem */
/** @typedef {import("./types.js").Package} Package */
/** @typedef {import("../types.js").Person} Person */

const NAME = "wuyilou-field";
const VERSION = 1;

/** Open, made if need be. @returns {Promise<import("idb").IDBPDatabase>} */
export function openDatabase() {
  return openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("kept");
      db.createObjectStore("patrols", { keyPath: "id" }).createIndex("officer_code", "officer_code");
      db.createObjectStore("fixes", { autoIncrement: true }).createIndex("patrol_id", "patrol_id");
      db.createObjectStore("outbox", { keyPath: "id" }).createIndex("officer_code", "officer_code");
    },
    blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close(),
  });
}

/** Who was signed in when there was last a network. @param {import("idb").IDBPDatabase} db @returns {Promise<Person|undefined>} */
export const lastPerson = (db) => db.get("kept", "person");

/** @param {import("idb").IDBPDatabase} db @param {Person|null} person null: signed out */
export async function rememberPerson(db, person) {
  if (person) await db.put("kept", person, "person");
  else await db.delete("kept", "person");
}

/** One officer's part. */
export class Store {
  /** @param {import("idb").IDBPDatabase} db @param {string} officer_code */
  constructor(db, officer_code) {
    this.db = db;
    this.officer_code = officer_code;
  }

  /** @param {string} name @returns {Promise<any>} undefined when never kept */
  kept(name) {
    return this.db.get("kept", `${name}:${this.officer_code}`);
  }

  /** @param {string} name @param {unknown} value */
  async keep(name, value) {
    await this.db.put("kept", value, `${name}:${this.officer_code}`);
  }

  /** @returns {Promise<Patrol[]>} oldest first */
  async patrols() {
    /** @type {Patrol[]} */
    const all = await this.db.getAllFromIndex("patrols", "officer_code", this.officer_code);
    return all.sort((a, b) => a.started_at - b.started_at);
  }

  /** @param {Patrol} patrol */
  async savePatrol(patrol) {
    await this.db.put("patrols", patrol);
  }

  /** @param {KeptFix} fix */
  async addFix(fix) {
    await this.db.add("fixes", fix);
  }

  /** @param {string} patrol_id @returns {Promise<KeptFix[]>} in the order they came */
  fixes(patrol_id) {
    return this.db.getAllFromIndex("fixes", "patrol_id", patrol_id);
  }

  /** Forget a patrol and its fixes. @param {string} patrol_id */
  async dropPatrol(patrol_id) {
    const work = this.db.transaction(["patrols", "fixes"], "readwrite");
    const fixes = work.objectStore("fixes");
    const keys = await fixes.index("patrol_id").getAllKeys(patrol_id);
    await Promise.all([...keys.map((key) => fixes.delete(key)), work.objectStore("patrols").delete(patrol_id), work.done]);
  }

  /** Sent patrols stay until a package that holds them has come. @param {number} asked_at when it was asked for */
  async dropSentBefore(asked_at) {
    for (const patrol of await this.patrols()) {
      if (patrol.state === "sent" && patrol.sent_at !== null && patrol.sent_at < asked_at) await this.dropPatrol(patrol.id);
    }
  }

  /**
   * Stop a patrol and put it into the outbox, both or neither.
   * @param {Patrol} patrol @param {OutboxItem} item
   */
  async hand(patrol, item) {
    const work = this.db.transaction(["patrols", "outbox"], "readwrite");
    await Promise.all([work.objectStore("patrols").put(patrol), work.objectStore("outbox").put(item), work.done]);
  }

  /**
   * Put a record and its photos into the outbox, and keep what follows from that, all or none.
   * @param {OutboxItem[]} items @param {[name: string, value: unknown][]} [kept] undefined: no longer
   */
  async enqueue(items, kept = []) {
    const work = this.db.transaction(["outbox", "kept"], "readwrite");
    const [outbox, others] = [work.objectStore("outbox"), work.objectStore("kept")];
    const keep = (/** @type {[string, unknown]} */ [name, value]) => (value === undefined ? others.delete(`${name}:${this.officer_code}`) : others.put(value, `${name}:${this.officer_code}`));
    await Promise.all([...items.map((item) => outbox.put(item)), ...kept.map(keep), work.done]);
  }

  /** @returns {Promise<OutboxItem[]>} in the order in which they go */
  async outbox() {
    /** @type {OutboxItem[]} */
    const all = await this.db.getAllFromIndex("outbox", "officer_code", this.officer_code);
    return all.sort((a, b) => a.created_at - b.created_at || a.order - b.order);
  }

  /** @param {string} id @param {OutboxItem["parked"]} parked */
  async park(id, parked) {
    const work = this.db.transaction("outbox", "readwrite");
    /** @type {OutboxItem|undefined} */
    const item = await work.store.get(id);
    if (item) await work.store.put({ ...item, parked });
    await work.done;
  }

  /** The server has it, or the person gave it up. @param {string[]} ids */
  async removeItems(ids) {
    const work = this.db.transaction("outbox", "readwrite");
    await Promise.all([...ids.map((id) => work.store.delete(id)), work.done]);
  }

  /** The server has a patrol: out of the outbox, its fixes stay for the map of today. @param {Patrol} patrol */
  async patrolSent(patrol) {
    const work = this.db.transaction(["patrols", "outbox"], "readwrite");
    await Promise.all([work.objectStore("patrols").put(patrol), work.objectStore("outbox").delete(patrol.id), work.done]);
  }

  /** @returns {Promise<number>} records of other officers that still wait on this phone */
  async othersWaiting() {
    /** @type {string[]} */
    const owners = [];
    for (let cursor = await this.db.transaction("outbox").store.index("officer_code").openKeyCursor(); cursor; cursor = await cursor.continue()) {
      owners.push(String(cursor.key));
    }
    return owners.filter((owner) => owner !== this.officer_code).length;
  }
}
