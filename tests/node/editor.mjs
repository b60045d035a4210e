// What an editor shows for files of a folder: the libraries of VS Code (JSON) and of the YAML language server, with the
// settings that the documentation gives. Reads questions from a file, and prints an answer
// for each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { TextDocument, getLanguageService: ofJson } = require("vscode-json-languageservice");
const { getLanguageService: ofYaml } = require("yaml-language-server");
const { folder, settings, questions } = JSON.parse(readFileSync(process.argv[2], "utf8"));

const inFolder = (path) => pathToFileURL(join(folder, path)).href;
const schemaRequestService = async (uri) => readFileSync(fileURLToPath(uri), "utf8");
const workspaceContext = { resolveRelativePath: (path, resource) => new URL(path, resource).href };
const list = (value) => (Array.isArray(value) ? value : [value]);

const json = ofJson({ schemaRequestService, workspaceContext });
json.configure({
  validate: true,
  schemas: (settings["json.schemas"] ?? []).map(({ fileMatch, url }) => ({ fileMatch, uri: inFolder(url) })),
});
const yaml = ofYaml({ schemaRequestService, workspaceContext });
yaml.configure({
  validate: true,
  hover: true,
  completion: true,
  schemas: Object.entries(settings["yaml.schemas"] ?? {}).map(([url, fileMatch]) => ({
    fileMatch: list(fileMatch),
    uri: inFolder(url),
  })),
});

async function answer({ file, text, at }) {
  const isYaml = file.endsWith(".yaml");
  const document = TextDocument.create(inFolder(file), isYaml ? "yaml" : "json", 1, text);
  const service = isYaml ? yaml : json;
  const parsed = isYaml ? document : json.parseJSONDocument(document);
  const problems = isYaml ? await yaml.doValidation(document, false) : await json.doValidation(document, parsed);
  const found = { problems: problems.map(({ message, range }) => [range.start.line + 1, message]) };
  if (at !== undefined) {
    const place = document.positionAt(at);
    const completions = isYaml ? await yaml.doComplete(document, place, false) : await json.doComplete(document, place, parsed);
    const hover = isYaml ? await yaml.doHover(document, place) : await json.doHover(document, place, parsed);
    found.completions = completions.items.map(({ label }) => label);
    found.hover = hover === null ? "" : list(hover.contents.value ?? hover.contents).map((part) => part.value ?? part).join("\n");
  }
  return found;
}

const answers = [];
for (const question of questions) answers.push(await answer(question));
process.stdout.write(JSON.stringify(answers));
