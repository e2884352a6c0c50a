// Recognition in Welsh: what only people on the way to an award, and those who judge, need to read.

/** @type {Record<string, string | {zero?: string, one?: string, other: string}>} */
export const words = {
}
