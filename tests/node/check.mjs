// Checks values against the JSON Schemas of a folder with ajv in strict mode: node check.mjs FOLDER
//
// The first line written says how compiling went: {"dataset": null, "broken": "why"}. Then, for each line
// ["schema name", value] that is read, one line is written: the JSON Pointers of what is refused; [] where
// the value is accepted.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);

const folder = process.argv[2];
const validators = {};
const compiled = {};
for (const file of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const name = file.slice(0, -".json".length);
  try {
    validators[name] = ajv.compile(JSON.parse(readFileSync(join(folder, file), "utf8")));
    compiled[name] = null;
  } catch (error) {
    compiled[name] = error.message;
  }
}

function write(value) {
  process.stdout.write(JSON.stringify(value) + "\n");
}

write(compiled);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, value] = JSON.parse(line);
  const accepted = validators[name](value);
  write(accepted ? [] : validators[name].errors.map((error) => error.instancePath));
}
