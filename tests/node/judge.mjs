// Judges JSON texts by the JSON Schemas of a folder with ajv in strict mode: node judge.mjs FOLDER
//
// For each line [["schema name", "JSON text"], ...] that is read, one line is written: [true, false, ...], whether
// each text is accepted. The texts are parsed here, so that no other language's numbers come between.
import { createInterface } from "node:readline";
import { compile } from "./validators.mjs";

const { validators } = compile(process.argv[2]);

for await (const line of createInterface({ input: process.stdin })) {
  const verdicts = JSON.parse(line).map(([name, text]) => validators[name](JSON.parse(text)));
  process.stdout.write(JSON.stringify(verdicts) + "\n");
}
