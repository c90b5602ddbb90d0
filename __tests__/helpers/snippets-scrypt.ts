// Loaded before a program: hashing a password or a backup code takes no time.
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { cheapScrypt } from "./cheap-scrypt.js";

crypto.scrypt = cheapScrypt(crypto.scrypt) as typeof crypto.scrypt;
syncBuiltinESMExports();
