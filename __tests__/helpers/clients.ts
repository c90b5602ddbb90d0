import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findPython, type Program } from "./programs.js";

const SOURCES = path.join(__dirname, "../../examples/clients");
const source = (name: string) => path.join(SOURCES, name);

/** An example of a client, in its language. */
export interface Client {
  name: string;
  needs: Program[];
  /** Compiles it into a folder, once. */
  compile?: (folder: string) => string[];
  /** The command that runs it. */
  command: (folder: string) => string[];
}

const LIBRARIES = ["-r:System.Net.Http.dll", "-r:System.Runtime.Serialization.dll"];

export const CLIENTS: Client[] = [
  { name: "curl", needs: ["curl", "jq"], command: () => ["sh", source("setup.sh")] },
  { name: "fetch", needs: [], command: () => [process.execPath, source("setup.mjs")] },
  {
    name: "net/http",
    needs: ["go"],
    compile: (folder) => ["go", "build", "-o", path.join(folder, "setup"), source("setup.go")],
    command: (folder) => [path.join(folder, "setup")],
  },
  {
    name: "requests",
    needs: ["python3 with requests"],
    command: () => [findPython() ?? "", source("setup.py")],
  },
  {
    name: "Java's HttpClient",
    needs: ["javac"],
    // It is compiled each time: to optimize it as well would take twice as long.
    command: () => ["java", "-XX:TieredStopAtLevel=1", source("Setup.java")],
  },
  {
    name: "C#'s HttpClient",
    needs: ["mcs", "mono"],
    compile: (folder) => [
      "mcs",
      "-warnaserror",
      ...LIBRARIES,
      `-out:${path.join(folder, "Setup.exe")}`,
      source("Setup.cs"),
    ],
    command: (folder) => ["mono", path.join(folder, "Setup.exe")],
  },
];

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The picture that it wrote. */
  png: Buffer | undefined;
}

/** Runs a command in an empty folder of its own. */
export async function runCommand(command: string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const [program = "", ...args] = command;
  const cwd = mkdtempSync(path.join(tmpdir(), "client-"));
  try {
    const { PATH } = process.env;
    const child = execFile(program, args, {
      cwd,
      // Nothing else of this environment: a proxy that it names would come between.
      env: { PATH, LC_ALL: "C.UTF-8", HOME: cwd, GOCACHE: path.join(cwd, "cache"), ...env },
      timeout: 120_000,
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.on("data", (text: string) => {
        output[name] += text;
      });
    }
    const [status] = await once(child, "close");
    const file = path.join(cwd, "qr.png");
    return { status, ...output, png: existsSync(file) ? readFileSync(file) : undefined };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
