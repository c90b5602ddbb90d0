import { Binary, ObjectId, UUID } from "bson";
import {
  createEncrypter,
  createMemoryStore,
  createTotpService,
  generateKey,
  type IdOf,
  type TotpUser,
  type UserId,
} from "express-totp-setup";
import { describeUser, idOf, isUserId } from "../../lib/base/user.js";
import { codeAt } from "../helpers/service.js";

const ID = new ObjectId();

/** As ORMs make them, with a text for the debugger. */
class Entity {
  id?: unknown;
  constructor(id?: unknown) {
    this.id = id;
  }
  toString() {
    return "Ada";
  }
}

/** As old versions of bson made them: the bytes are a field of its own. */
class OldObjectId {
  readonly _bsontype = "ObjectID";
  readonly id = Buffer.from("0123456789ab");
  toString() {
    return this.id.toString("hex");
  }
}

/** Mongoose adds this getter to ObjectIds. */
const mongooseId = Object.defineProperty(new ObjectId(), "_id", {
  get() {
    return this;
  },
});

const oldId = new OldObjectId();
const uuid = new UUID();
const custom = { toString: () => "ada" };

test.each<[string, unknown, unknown]>([
  ["an ObjectId", ID, ID],
  ["an ObjectId of Mongoose", mongooseId, mongooseId],
  ["an ObjectId of old", oldId, oldId],
  ["a UUID", uuid, uuid],
  ["an object with a text of its own", custom, custom],
  ["a row with id", { id: 7 }, 7],
  ["a row with _id", { _id: ID, email: "ada@example.com" }, ID],
  ["a row with both", { id: String(ID), _id: ID }, String(ID)],
  ["a row whose id is null", { id: null, _id: ID }, ID],
  ["a row whose id is 0", { id: 0, _id: ID }, 0],
  ["an entity", new Entity(uuid), uuid],
])("%s is a user", (_, user, id) => {
  expect(idOf(user)).toBe(id);
  expect(isUserId(idOf(user))).toBe(true);
});

test.each<[string, unknown, string]>([
  ["an entity without an id yet", new Entity(), "an object whose id is undefined"],
  ["a row without an id", { email: "ada@example.com" }, "an object with the keys email"],
  ["a row of NaN", { id: Number.NaN }, "an object whose id is NaN (number)"],
  ["a row of nothing", { _id: "" }, "an object whose id is an empty string"],
  ["a row in a row", { id: { id: 7 } }, "an object whose id is an object with the keys id"],
  ["bytes", { id: Buffer.from("0123456789abcdef") }, "an object whose id is 16 bytes (Buffer)"],
  ["a Uint8Array", new Uint8Array(16), "16 bytes (Uint8Array)"],
  // Any bytes that are no UTF-8 print as the same text.
  [
    "a Binary",
    new Binary(Buffer.from([0xff, 0xfe])),
    "an object with the keys buffer, sub_type, position",
  ],
  ["an array", [ID], "an array of 1 elements"],
  ["a Date", new Date(0), "an object without keys (Date)"],
  ["an Error", new Error("not found"), "an object without keys (Error)"],
  ["a RegExp", /ada/, "an object without keys (RegExp)"],
  ["a Boolean", new Boolean(true), "an object without keys (Boolean)"],
  ["a text of two lines", { toString: () => "a\nb" }, "an object with the keys toString"],
  ["an empty text", { toString: () => " " }, "an object with the keys toString"],
  ["no text", { toString: () => 7 }, "an object with the keys toString"],
  ["[object Object]", { toString: () => "[object Object]" }, "an object with the keys toString"],
  [
    "a toString that throws",
    {
      toString() {
        throw new Error("no");
      },
    },
    "an object with the keys toString",
  ],
  [
    "two texts",
    { toString: () => "a", [Symbol.toPrimitive]: () => "b" },
    "an object with the keys toString",
  ],
])("%s is no user", (_, user, got) => {
  expect(isUserId(idOf(user))).toBe(false);
  expect(describeUser(user).got).toBe(got);
});

test("the error says what to return instead", () => {
  expect(describeUser({}).fix).toMatch(/String\(user\.id\)/);
  expect(describeUser({ id: Buffer.alloc(16) }).fix).toMatch(/id\.toString\("hex"\)/);
});

test("an ObjectId and its text are one user, and events have it as it came", async () => {
  const events: unknown[] = [];
  const store = createMemoryStore();
  const totp = createTotpService({ store, onEvent: ({ userId }) => events.push(userId) });
  const setup = await totp.beginSetup({ _id: ID });
  if (!setup.ok) throw new Error(setup.reason);
  const confirmed = await totp.confirm(String(ID), codeAt(setup.secret, Date.now()));
  expect(confirmed.ok).toBe(true);
  expect((await totp.status(ID)).isEnabled).toBe(true);
  expect(await store.get(String(ID))).toBeDefined();
  expect(events[0]).toBe(ID);
});

test("an encrypter takes an ObjectId for its text", () => {
  const encrypter = createEncrypter({ current: { id: "one", key: generateKey() } });
  expect(encrypter.decrypt(String(ID), encrypter.encrypt(ID, "text"))).toBe("text");
});

test("types", () => {
  const ids: UserId[] = [ID, uuid, 7, 7n, "7"];
  const users: TotpUser[] = [...ids, { id: ID }, { _id: ID, accountName: "Ada" }];
  const objectId: IdOf<ObjectId> = ID;
  const ofRow: IdOf<{ _id: ObjectId; email: string }> = ID;
  const ofBoth: IdOf<{ id: string; _id: ObjectId }> = "7";
  const ofNumber: IdOf<number> = 7;
  // @ts-expect-error -- a row is no id
  const row: UserId = { id: 7 };
  // @ts-expect-error -- nor is a Date
  const date: UserId = new Date(0);
  // @ts-expect-error -- nor a boolean
  const flag: UserId = true;
  // @ts-expect-error -- a user has an id
  const nobody: TotpUser = { email: "ada@example.com" };
  expect([users, objectId, ofRow, ofBoth, ofNumber, row, date, flag, nobody]).toHaveLength(9);
});
