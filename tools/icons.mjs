// Makes static/pwa/icons: the mark, a ring of ten principles, as SVG, PNG and ICO. Run by `make icons` when the mark changes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const icons = join(dirname(fileURLToPath(import.meta.url)), '../static/pwa/icons')
const browser = process.env.CHROMIUM ?? 'chromium'
const GREEN = '#095b41' // --accent in light, oklch(42% 0.085 165), for tools that know no OKLCH
const PAPER = '#faf8f2'

/** The ring inside a square of 100: `reach` is how far the dots' centres are from the middle. */
function ring(reach, dot, colour) {
  return Array.from({ length: 10 }, (_, n) => {
    const turn = (n * Math.PI) / 5
    const [x, y] = [50 + reach * Math.sin(turn), 50 - reach * Math.cos(turn)].map((at) => +at.toFixed(2))
    return `<circle cx="${x}" cy="${y}" r="${dot}" fill="${colour}" opacity="${+(1 - n * 0.07).toFixed(2)}"/>`
  }).join('')
}

const svg = (inside) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${inside}</svg>\n`

const DRAWINGS = {
  // Follows the browser's light or dark, on a tab of either colour.
  mark: svg(`<style>circle{fill:${GREEN}}@media(prefers-color-scheme:dark){circle{fill:#7cd2ae}}</style>${ring(38, 9, GREEN)}`),
  // A rounded tile, so that the ring stands on any wallpaper.
  tile: svg(`<rect width="100" height="100" rx="22" fill="${GREEN}"/>${ring(29, 6.9, PAPER)}`),
  // To the edges, for launchers that cut their own shape; the ring stays inside the middle 80 %.
  maskable: svg(`<rect width="100" height="100" fill="${GREEN}"/>${ring(26, 6.2, PAPER)}`),
}

const PICTURES = [
  ['tile', 192, 'icon-192.png'],
  ['tile', 512, 'icon-512.png'],
  ['maskable', 512, 'icon-maskable-512.png'],
  ['maskable', 180, 'apple-touch-icon.png'],
]

const work = mkdtempSync(join(tmpdir(), 'milieu-icons-'))
for (const name of ['mark', 'maskable']) writeFileSync(join(icons, `${name}.svg`), DRAWINGS[name])
for (const [drawing, size, file] of PICTURES) writeFileSync(join(icons, file), picture(DRAWINGS[drawing], size))
writeFileSync(join(icons, 'favicon.ico'), ico(picture(DRAWINGS.tile, 32), 32))
rmSync(work, { recursive: true })

/** One drawing as a PNG of `size` by `size`. */
function picture(drawing, size) {
  const [html, png] = [join(work, 'icon.html'), join(work, 'icon.png')]
  writeFileSync(html, `<style>*{margin:0}body{overflow:hidden}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`)
  execFileSync(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--default-background-color=00000000',
    '--force-color-profile=srgb', `--window-size=${size},${size}`, `--screenshot=${png}`, `file://${html}`], { stdio: 'ignore' })
  return readFileSync(png)
}

/** A PNG in the wrapping that browsers look for at /favicon.ico. */
function ico(png, size) {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head.set([size, size], 6)
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(22, 18)
  return Buffer.concat([head, png])
}
