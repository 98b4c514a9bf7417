// The libraries of package-lock.json -> src/kg/serve/static/vendor/: one module for each file of entries/, the licences
// of what is in it, and manifest.json with versions and SHA-256. The same lock gives the same bytes on any machine.
//   cd web && npm ci && node build.mjs [TARGET]
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build, version } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../src/kg/serve/static/vendor"));
const LICENCES = /^(licen[cs]e|copying|notice)/i;

const entries = readdirSync(join(here, "entries")).sort().map((name) => join(here, "entries", name));
const made = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none", // the licences stand beside it, whole
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  write: false,
});

const files = {};
const packages = new Map();
mkdirSync(target, { recursive: true });
for (const file of made.outputFiles) {
  const name = basename(file.path);
  const output = Object.entries(made.metafile.outputs).find(([path]) => basename(path) === name)[1];
  const inside = [...new Set(Object.keys(output.inputs).map(packageOf).filter(Boolean))].sort();
  inside.forEach((folder) => packages.set(folder, JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"))));
  writeFileSync(file.path, file.contents);
  files[name] = described(file.contents, inside.map((folder) => `${packages.get(folder).name} ${packages.get(folder).version}`));
}
const licences = Buffer.from([...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(licence).join("\n"));
writeFileSync(join(target, "LICENCES.txt"), licences);
files["LICENCES.txt"] = described(licences, []);
const manifest = {
  "made-by": `web/build.mjs, esbuild ${version}`,
  packages: Object.fromEntries([...packages.values()].map(({ name, version, license }) => [name, { version, license }]).sort(([a], [b]) => (a < b ? -1 : 1))),
  files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))),
};
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

/** The folder of the package that a file lies in: node_modules/NAME or node_modules/@SCOPE/NAME. */
function packageOf(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function described(contents, inside) {
  return { bytes: contents.length, sha256: createHash("sha256").update(contents).digest("hex"), ...(inside.length && { packages: inside }) };
}

/** Name, version and the licence's own text, which has to go where the code goes. */
function licence([folder, { name, version, license }]) {
  const texts = readdirSync(join(here, folder)).filter((file) => LICENCES.test(file)).sort();
  if (!texts.length) throw new Error(`${name}: no licence text in its package; look at it before it is shipped`);
  const bodies = texts.map((file) => readFileSync(join(here, folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n\n${bodies.join("\n\n")}\n`;
}
