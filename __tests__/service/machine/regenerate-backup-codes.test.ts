import { generateBackupCodes } from "../../../lib/service/machine/backup-codes.js";
import { regenerateBackupCodes } from "../../../lib/service/machine/regenerate-backup-codes.js";
import { CONTEXT, codes, FULL, newCodes, pending } from "../../helpers/machine-states.js";

test("replaces all backup codes", () => {
  const input = { backupCodes: newCodes, proof: "trusted" } as const;
  expect(regenerateBackupCodes(FULL, input, CONTEXT)).toEqual({
    state: { ...FULL, backupCodes: newCodes },
    outcome: { ok: true },
    events: [{ type: "backup_codes_regenerated" }],
  });
});

test("removes them if backup codes are off", () => {
  const input = { backupCodes: undefined, proof: "trusted" } as const;
  expect(regenerateBackupCodes(FULL, input, CONTEXT).state.backupCodes).toBeUndefined();
});

test("takes one of the old codes as the proof for new ones", () => {
  const input = { backupCodes: newCodes, proof: { code: codes[0] } };
  const { state, events } = regenerateBackupCodes(FULL, input, CONTEXT);
  expect(state.backupCodes).toEqual(newCodes);
  expect(events?.map(({ type }) => type)).toEqual(["verified", "backup_codes_regenerated"]);
  const again = { ...input, backupCodes: generateBackupCodes(3, 16).set };
  expect(regenerateBackupCodes(state, again, CONTEXT).outcome).toMatchObject({ ok: false });
});

test("takes its own codes for its own write, which the store's client has sent again", () => {
  const input = { backupCodes: newCodes, proof: { code: codes[0] } };
  const { state } = regenerateBackupCodes(FULL, input, CONTEXT);
  expect(regenerateBackupCodes(state, input, CONTEXT)).toEqual({
    state,
    outcome: { ok: true },
    events: [{ type: "backup_codes_regenerated" }],
  });
});

test.each(["trusted", "missing"] as const)("refuses while TOTP is off (%s)", (proof) => {
  const off = { pending };
  const { state, outcome } = regenerateBackupCodes(off, { backupCodes: newCodes, proof }, CONTEXT);
  expect(state).toBe(off);
  expect(outcome).toEqual({ ok: false, reason: "not_enabled" });
});

test("needs a proof", () => {
  const input = { backupCodes: newCodes, proof: "missing" } as const;
  const { state, outcome } = regenerateBackupCodes(FULL, input, CONTEXT);
  expect(state).toBe(FULL);
  expect(outcome).toEqual({ ok: false, reason: "code_required" });
});
