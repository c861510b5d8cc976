/** Each panel by itself. */
import { expect, scene } from '../gallery.ts'
import { heard } from '../hands.ts'

scene('panels', async ({ desk, gallery, start }) => {
  const node = await start.node('Server room', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Server room')
  await heard(desk, 30)
  const panels = desk.pane.locator('.panel')
  await expect(panels).not.toHaveCount(0)
  for (const panel of await panels.all()) {
    const id = /panel-([\w-]+)/.exec((await panel.getAttribute('class'))!)![1]
    await gallery.takePart(`panel-${id}`, panel)
  }
})
