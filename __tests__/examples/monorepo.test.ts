import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "../..");

function readManifest(folder: string) {
  return JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
}

// That it runs is tested by .ci/monorepo, which installs this release in the place of the published one.
describe("the monorepo", () => {
  const { version } = readManifest(".");

  test.each(["packages/auth", "services/accounts", "services/shop"])(
    "%s asks for this release",
    (workspace) => {
      const { dependencies } = readManifest(`examples/monorepo/${workspace}`);
      expect(dependencies["express-totp-setup"]).toBe(version);
    },
  );

  test.each([
    ["accounts", "5"],
    ["shop", "4"],
  ])("%s is on Express %s, with its types", (service, major) => {
    const manifest = readManifest(`examples/monorepo/services/${service}`);
    expect(manifest.dependencies.express.split(".")[0]).toBe(major);
    expect(manifest.devDependencies["@types/express"].split(".")[0]).toBe(major);
  });

  test("leaves HTTP to the services", () => {
    const { dependencies } = readManifest("examples/monorepo/packages/auth");
    expect(Object.keys(dependencies)).toEqual(["express-totp-setup", "ioredis"]);
  });
});
