// What has changed, said aloud by screen readers without moving the focus.

/** Says a text politely. The same text said again is heard again. @param {string} text */
export function announce(text) {
  const region = document.querySelector('#spoken')
  if (!region) return
  region.textContent = ''
  setTimeout(() => { region.textContent = text }, 60)
}
