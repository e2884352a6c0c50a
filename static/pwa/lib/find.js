// An element inside another, as what it is: the selector knows more than a type checker can.

/** @param {ParentNode} root @param {string} selector @returns {any} */
export const find = (root, selector) => root.querySelector(selector)
