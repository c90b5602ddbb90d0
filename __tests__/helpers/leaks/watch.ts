import { inspect } from "node:util";
import { type Form, formsOf, type SecretKind } from "./forms.js";

interface Watched {
  /** What it is, and whose. */
  name: string;
  value: string;
  forms: Form[];
}

interface Seen {
  where: string;
  text: string;
  /** The secrets that it is there to hand out. */
  meant: readonly string[];
}

/** Keeps all secrets of a run and all texts that it brought forth, and finds the former in the latter. */
export class Watch {
  readonly secrets: Watched[] = [];
  readonly seen: Seen[] = [];

  /** Returns the secret itself. */
  add(kind: SecretKind, name: string, value: string): string {
    if (!this.secrets.some((each) => each.value === value)) {
      this.secrets.push({ name, value, forms: formsOf(kind, value) });
    }
    return value;
  }

  see(where: string, text: string, meant: readonly string[] = []): void {
    this.seen.push({ where, text, meant });
  }

  /** Everything that an object shows of itself: as a log would print it, and as JSON. */
  look(where: string, object: unknown): void {
    this.see(
      where,
      inspect(object, { showHidden: true, depth: 10, maxArrayLength: null, maxStringLength: null }),
    );
    this.see(where, `${toJson(object)}`);
    if (!(object instanceof Error) && typeof object !== "function") return;
    for (const name of Object.getOwnPropertyNames(object)) {
      this.see(where, `${name} ${String(Reflect.get(object, name))}`);
    }
    if (object instanceof Error && object.cause !== undefined)
      this.look(`${where}: cause`, object.cause);
  }

  /** Each secret that is in a text which is not meant for it. */
  leaks(): string[] {
    return this.seen.flatMap(({ where, text, meant }) =>
      this.secrets
        .filter(({ value }) => !meant.includes(value))
        .flatMap(({ name, forms }) =>
          forms.filter(({ isIn }) => isIn(text)).map((form) => `${where}: ${name} as ${form.name}`),
        ),
    );
  }
}

function toJson(object: unknown): string | undefined {
  try {
    return JSON.stringify(object, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
  } catch {
    // A cycle, which `inspect` shows as well.
    return undefined;
  }
}
