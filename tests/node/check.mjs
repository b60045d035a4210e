// Validates values by the JSON Schemas of a folder with ajv in strict mode: node check.mjs FOLDER
//
// The first line of output is the result of compiling: {"dataset": null, "broken": "the error"}. Then, for each line
// ["schema name", value] of input, one line is written: the JSON Pointers of the errors, or [] for a valid value.
import { createInterface } from "node:readline";
import { compile } from "./validators.mjs";

const { validators, compiled } = compile(process.argv[2], { allErrors: true });

function write(value) {
  process.stdout.write(JSON.stringify(value) + "\n");
}

write(compiled);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, value] = JSON.parse(line);
  const accepted = validators[name](value);
  write(accepted ? [] : validators[name].errors.map((error) => error.instancePath));
}
