import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["__tests__/testing/runners/{,attack-}vitest.ts"] },
  // The package's own names lead to its sources there.
  resolve: { tsconfigPaths: true },
});
