// The proof of work, entirely from this portal: no foreign host, no inline style, no blob worker.

import "../vendor/altcha/altcha.min.js";
import "../vendor/altcha/uk.js";

globalThis.$altcha.algorithms.set(
  "PBKDF2/SHA-256",
  () => new Worker(new URL("../vendor/altcha/pbkdf2.js", import.meta.url), { type: "module" }),
);
