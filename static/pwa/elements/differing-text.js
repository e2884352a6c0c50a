// Two texts side by side: the words that only one of them has are marked.
import { html } from '../vendor/lit.js'

/**
 * A text with the words marked that the other one does not have at that place. Two texts with little in common are left
 * as they are: marks everywhere would only hide them.
 * @param {string} text
 * @param {string} other
 */
export const differingText = (text, other) => {
  const parts = runs(words(text), words(other))
  const shared = parts.reduce((sum, { own, part }) => own ? sum : sum + part.length, 0)
  const marks = shared * 3 > text.length
  return html`<span class="written">${parts.map(({ own, part }) => {
    const word = part.trimEnd()
    return marks && own && word ? html`<mark>${word}</mark>${part.slice(word.length)}` : part
  })}</span>`
}

const words = text => text.match(/\S+\s*|\s+/g) ?? []

/** Runs of words that are shared or our own: the longest common subsequence, between equal beginnings and endings. */
function runs(ours, theirs) {
  let start = 0
  while (start < ours.length && start < theirs.length && same(ours[start], theirs[start])) start++
  let end = 0
  while (end < ours.length - start && end < theirs.length - start && same(ours.at(-1 - end), theirs.at(-1 - end))) end++
  const a = ours.slice(start, ours.length - end)
  const b = theirs.slice(start, theirs.length - end)
  const shared = sharedWords(a, b)
  const all = ours.map((part, n) => ({ part, own: n >= start && n < ours.length - end && !shared.has(n - start) }))
  return all.reduce((joined, { part, own }) => {
    const last = joined.at(-1)
    if (last && last.own === own) last.part += part
    else joined.push({ part, own })
    return joined
  }, [])
}

function sharedWords(a, b) {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = same(a[i], b[j]) ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1])
    }
  }
  const shared = new Set()
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (same(a[i], b[j])) { shared.add(i); i++; j++ }
    else if (length[i + 1][j] >= length[i][j + 1]) i++
    else j++
  }
  return shared
}

const same = (one, other) => one.trim() === other.trim()
