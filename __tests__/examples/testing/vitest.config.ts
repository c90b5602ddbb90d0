import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["examples/testing/vitest.test.ts"] },
  // The package's own names lead to its sources there.
  resolve: { tsconfigPaths: true },
});
