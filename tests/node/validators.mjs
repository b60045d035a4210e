// Compiles the JSON Schemas of a folder with ajv in strict mode.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

// Returns two objects by the names of the schemas: the validators, and the error of each schema that fails to compile,
// or null.
export function compile(folder, options = {}) {
  const ajv = new Ajv2020({ strict: true, ...options });
  addFormats(ajv);
  const validators = {};
  const compiled = {};
  for (const file of readdirSync(folder).filter((file) => file.endsWith(".schema.json"))) {
    const name = file.slice(0, -".schema.json".length);
    try {
      validators[name] = ajv.compile(JSON.parse(readFileSync(join(folder, file), "utf8")));
      compiled[name] = null;
    } catch (error) {
      compiled[name] = error.message;
    }
  }
  return { validators, compiled };
}
