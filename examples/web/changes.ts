/** A change that needs a fresh code, and the words of its form. */
export interface Change {
  path: string;
  title: string;
  explanation: string;
  button: string;
  isDangerous: boolean;
}

export const changes = {
  backupCodes: {
    path: "/security/backup-codes",
    title: "New backup codes",
    explanation: "You get ten new codes. The ones that you have now stop working.",
    button: "Replace backup codes",
    isDangerous: false,
  },
  newPhone: {
    path: "/security/new-phone",
    title: "Move to another phone",
    explanation:
      "You scan a new QR code with the other phone. Until you confirm it, the present one keeps working. Then all your other sessions end, and no device is trusted any more.",
    button: "Continue",
    isDangerous: false,
  },
  turnOff: {
    path: "/security/turn-off",
    title: "Turn off two-factor authentication",
    explanation:
      "Signing in will ask for your password alone. Your authenticator app’s codes, your backup codes and your trusted devices are forgotten.",
    button: "Turn off",
    isDangerous: true,
  },
} as const satisfies Record<string, Change>;
