import { defineConfig } from '@playwright/test'
import { CHROMIUM } from '../tests/support/chromium.ts'
import { SIZES, type Size } from './choices.ts'

const [SMALLEST] = SIZES as [Size, ...Size[]]

export default defineConfig({
  testDir: 'scenes',
  testMatch: '*.scene.ts',
  workers: 1,
  retries: 0,
  // Each state is shown in both themes and at each size, and looked at every time.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  outputDir: '../test-results/pictures',
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: CHROMIUM,
    // What is drawn only while it is seen is seen from the beginning.
    viewport: { width: SMALLEST.width, height: SMALLEST.height },
    // Nothing is caught in the middle of a movement.
    contextOptions: { reducedMotion: 'reduce' },
  },
})
