// Runs ajv in the way that validators.py runs the validators in Python: node ajv.mjs NODE_FOLDER SCHEMA FILE
//
// NODE_FOLDER is where ajv is installed. The time includes reading the file and JSON.parse, but not compiling.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const [folder, schema, file] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const Ajv2020 = require("ajv/dist/2020.js").default;
const ajv = new Ajv2020({ strict: true });
require("ajv-formats").default(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

function count(value) {
  if (!isValid(value)) throw new Error(ajv.errorsText(isValid.errors));
  if (Array.isArray(value)) return value.length;
  return Object.values(value).reduce((sum, table) => sum + (Array.isArray(table) ? table.length : 0), 0);
}

function run() {
  const text = readFileSync(file, "utf8");
  if (!file.endsWith(".jsonl")) return count(JSON.parse(text));
  let records = 0;
  for (let begin = 0, end; (end = text.indexOf("\n", begin)) >= 0; begin = end + 1) {
    if (!isValid(JSON.parse(text.slice(begin, end)))) throw new Error(ajv.errorsText(isValid.errors));
    records += 1;
  }
  return records;
}

const { version } = require("ajv/package.json");
console.log(JSON.stringify({ version: `ajv ${version} on node ${process.versions.node}` }));
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const records = run();
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, records }));
}
