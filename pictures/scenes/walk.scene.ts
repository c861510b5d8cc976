/** The first minute, as the README tells it and tests/e2e/walk.spec.ts times it. */
import { walk } from '../../tests/support/walk.ts'
import { scene } from '../gallery.ts'

scene('walk', async ({ desk, gallery, start }) => {
  const served = await start.serve({ npmStart: true })
  await desk.page.goto(served.url)
  await walk(desk.page, (stop) => gallery.takeOne(`walk-${stop}`))
})
