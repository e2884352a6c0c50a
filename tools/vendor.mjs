// Makes static/pwa/vendor: the third-party code and fonts the app serves, from exact npm versions. Run by `make vendor`.
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const packages = join(here, '../.tools/node_modules')
const vendor = join(here, '../static/pwa/vendor')
const { build } = createRequire(join(packages, 'esbuild/package.json'))('esbuild')
const lock = JSON.parse(await readFile(join(here, 'package-lock.json'), 'utf8'))

const DIRECTIVES = ['class-map', 'guard', 'if-defined', 'keyed', 'live', 'ref', 'repeat']
const FONT = '@fontsource-variable/atkinson-hyperlegible-next'
const FONT_FILE = 'atkinson-hyperlegible-next'

/** Each thing vendored: the packages in it (the first names it), and how its files come about. */
const THINGS = [
  { packages: ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'], make: makeLit },
  { packages: ['idb'], make: makeIdb },
  { packages: [FONT], make: makeFont },
]

await rm(vendor, { recursive: true, force: true })
await mkdir(join(vendor, 'licences'), { recursive: true })
const record = []
for (const thing of THINGS) record.push(await vendorThing(thing))
await writeFile(join(vendor, 'vendor.json'), JSON.stringify(record, null, 2) + '\n')

async function vendorThing({ packages, make }) {
  const described = await Promise.all(packages.map(describe))
  const files = await make(described)
  return { name: packages[0], version: described[0].version, packages: described, files: await Promise.all(files.map(hash)) }
}

/** What is recorded of one npm package; its licence's text is copied beside it. */
async function describe(name) {
  const { version, integrity, license } = lock.packages[`node_modules/${name}`]
  const found = (await readdir(join(packages, name))).find((file) => /^licen[cs]e/i.test(file))
  const file = `licences/${name.replace('@', '').replace('/', '-')}.txt`
  if (!found) throw new Error(`${name} carries no licence text`)
  await write(file, await readFile(join(packages, name, found)))
  return { name, version, integrity, licence: license, licence_file: file }
}

/** One ES module with what the app uses of Lit, so that a first visit asks once instead of a dozen times. */
async function makeLit(described) {
  const uses = DIRECTIVES.map((name) => `export * from 'lit/directives/${name}.js'`)
  await bundle('lit.js', ["export * from 'lit'", ...uses].join('\n'), described)
  await write('lit.d.ts', ["export * from 'lit'", ...uses, ''].join('\n'))
  return ['lit.js', 'lit.d.ts']
}

async function makeIdb(described) {
  await bundle('idb.js', "export * from 'idb'", described)
  await write('idb.d.ts', "export * from 'idb'\n")
  return ['idb.js', 'idb.d.ts']
}

async function bundle(file, contents, described) {
  const names = described.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(', ')
  await build({
    stdin: { contents, resolveDir: packages }, bundle: true, format: 'esm', minify: true, target: ['safari16.4', 'chrome108', 'firefox110'],
    legalComments: 'none', banner: { js: `/* ${names}; licences/ beside this file has the texts */` }, outfile: join(vendor, file), logLevel: 'warning',
  })
}

/** The upright Latin faces as published: a browser loads the second only for letters such as ŵ and ŷ. */
async function makeFont() {
  const faces = ['latin', 'latin-ext']
  for (const face of faces) {
    await write(`${FONT_FILE}-${face}.woff2`, await readFile(join(packages, FONT, `files/${FONT_FILE}-${face}-wght-normal.woff2`)))
  }
  const ranges = JSON.parse(await readFile(join(packages, FONT, 'unicode.json'), 'utf8'))
  await write(`${FONT_FILE}.css`, faces.map((face) => fontFace(face, ranges[face])).join('\n'))
  return [...faces.map((face) => `${FONT_FILE}-${face}.woff2`), `${FONT_FILE}.css`]
}

function fontFace(face, range) {
  return `@font-face {
  font-family: "Atkinson Hyperlegible Next";
  font-weight: 200 800;
  font-display: swap;
  src: url("${FONT_FILE}-${face}.woff2") format("woff2");
  unicode-range: ${range};
}
`
}

async function write(file, contents) {
  await writeFile(join(vendor, file), contents)
}

async function hash(file) {
  const bytes = await readFile(join(vendor, file))
  return { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
