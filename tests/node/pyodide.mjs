// Install the wheels of a folder in Pyodide as micropip does in a browser, without network, and run Python there:
// node pyodide.mjs WHEELS FILE. The current folder is the same in both.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const [folder, file] = process.argv.slice(2);
const wheels = readdirSync(folder).filter((name) => name.endsWith(".whl"));

const pyodide = await loadPyodide();
for (const name of wheels.filter((name) => /^micropip-/.test(name))) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(join(folder, name))), "wheel");
}
pyodide.mountNodeFS("/wheels", folder);
await pyodide.pyimport("micropip").install(wheels.map((name) => `emfs:/wheels/${name}`));

pyodide.mountNodeFS("/work", process.cwd());
pyodide.FS.chdir("/work");
try {
  pyodide.runPython(readFileSync(file, "utf8"), { filename: file });
} catch (error) {
  console.error(error.message); // and not a line of Pyodide's source
  process.exit(1);
}
