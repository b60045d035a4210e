// Runs ajv as contestants.py runs the validators of Python: node ajv.mjs NODE_FOLDER SCHEMA FILE
//
// NODE_FOLDER is where ajv is installed. Compiling is not measured; reading the file, JSON.parse and validating are.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const [folder, schema, file] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const Ajv2020 = require("ajv/dist/2020.js").default;
const ajv = new Ajv2020({ strict: true });
require("ajv-formats").default(ajv);
const accepts = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

function count(value) {
  if (!accepts(value)) throw new Error(ajv.errorsText(accepts.errors));
  if (Array.isArray(value)) return value.length;
  return Object.values(value).reduce((sum, table) => sum + (Array.isArray(table) ? table.length : 0), 0);
}

function run() {
  const text = readFileSync(file, "utf8");
  if (!file.endsWith(".jsonl")) return count(JSON.parse(text));
  let records = 0;
  for (let start = 0, end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
    if (!accepts(JSON.parse(text.slice(start, end)))) throw new Error(ajv.errorsText(accepts.errors));
    records += 1;
  }
  return records;
}

const { version } = require("ajv/package.json");
console.log(JSON.stringify({ version: `ajv ${version} on node ${process.versions.node}` }));
for await (const _ of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  const records = run();
  console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1000, records }));
}
