import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["__tests__/testing/runners/{,attack-}vitest.ts"] },
  // Resolves the names of the package to its sources.
  resolve: { tsconfigPaths: true },
});
