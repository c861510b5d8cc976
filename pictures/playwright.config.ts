import { defineConfig } from '@playwright/test'
import { CHROMIUM } from '../tests/support/chromium.ts'

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
  // Nothing is caught in the middle of a movement.
  use: { browserName: 'chromium', launchOptions: CHROMIUM, contextOptions: { reducedMotion: 'reduce' } },
})
