/** From a bare microphone to one that a calibrator has checked. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calibrationFile } from '../../tests/support/calibration-file.ts'
import { expect, scene } from '../gallery.ts'

/** A little boomy, a little bright: as a real one is. */
const response = (hz: number): number => 1.5 / (1 + (hz / 60) ** 2) + 2 / (1 + (12_000 / hz) ** 4)

scene('calibrated', async ({ desk, folder, gallery, start }) => {
  const file = join(folder, '7103946.txt')
  await writeFile(file, calibrationFile('7103946', response))
  const node = await start.node('Lab', 'tone:sine:1000:-26.5', ['--calibration', file])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Lab')
  const panel = desk.pane.getByRole('region', { name: 'Calibration' })
  await expect(panel.getByTestId('spl-provenance')).toContainText('Estimate')
  await panel.scrollIntoViewIfNeeded()
  await gallery.take('calibrated-estimate')
  await gallery.takePart('panel-calibration-estimate', panel)
  await panel.getByRole('button', { name: 'Sound pressure…' }).click()
  await expect(desk.dialog('Sound pressure level')).toBeVisible()
  await gallery.take('sound-pressure')
  await desk.page.keyboard.press('Escape')
  await panel.getByRole('button', { name: 'Check with a calibrator…' }).click()
  const dialog = desk.dialog('Check with a calibrator')
  await expect(dialog.getByRole('button', { name: 'Start' })).toBeVisible()
  await gallery.take('calibrator-start')
  await dialog.getByRole('button', { name: 'Start' }).click()
  await expect(dialog.getByRole('button', { name: 'Use it' })).toBeVisible()
  await gallery.take('calibrator-done')
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await expect(panel.getByTestId('spl-provenance')).toContainText('Calibrator of 94 dB')
  await gallery.take('calibrated')
  await gallery.takePart('panel-calibration-checked', panel)
})

scene('calibration-refused', async ({ desk, folder, gallery, start }) => {
  const node = await start.node('Lab', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Lab')
  const panel = desk.pane.getByRole('region', { name: 'Calibration' })
  const file = join(folder, 'jagged.txt')
  await writeFile(file, '20 40\n20.1 -40\n20.2 40\n1000 0\n20000 0\n')
  const chooser = desk.page.waitForEvent('filechooser')
  await panel.getByRole('button', { name: 'Load file…' }).click()
  await (await chooser).setFiles(file)
  await expect(panel).toContainText('jagged.txt was refused')
  await panel.scrollIntoViewIfNeeded()
  await gallery.take('calibration-refused')
  await gallery.takePart('panel-calibration-refused', panel)
})
