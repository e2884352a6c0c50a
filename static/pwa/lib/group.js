// A list in groups, as Map.groupBy does it in newer browsers.

/**
 * @template Item
 * @param {Item[]} items @param {(item: Item) => string} keyOf
 * @returns {Map<string, Item[]>} groups and their items in the order they were met
 */
export function groupBy(items, keyOf) {
  const groups = new Map()
  for (const item of items) {
    const key = keyOf(item)
    if (groups.has(key)) groups.get(key).push(item)
    else groups.set(key, [item])
  }
  return groups
}
