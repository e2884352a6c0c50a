// Lets the screen be painted in between: resolves some frames later, or soon where no frames are drawn. What is done
// then is no part of a frame, so that the page is never held up by both together.

const LONGEST = 100

/** @param {number} count */
export const frames = async count => {
  for (let n = 0; n < count; n += 1) {
    await new Promise(resume => {
      requestAnimationFrame(() => setTimeout(resume))
      setTimeout(resume, LONGEST) // a page in the background draws none
    })
  }
}
