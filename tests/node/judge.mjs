// Validates JSON texts by the JSON Schemas of a folder with ajv in strict mode: node judge.mjs FOLDER
//
// For each line [["schema name", "JSON text"], ...] of input, one line is written: [true, false, ...], whether each
// text is valid. The texts are parsed here, because other languages parse numbers differently.
import { createInterface } from "node:readline";
import { compile } from "./validators.mjs";

const { validators } = compile(process.argv[2]);

for await (const line of createInterface({ input: process.stdin })) {
  const verdicts = JSON.parse(line).map(([name, text]) => validators[name](JSON.parse(text)));
  process.stdout.write(JSON.stringify(verdicts) + "\n");
}
