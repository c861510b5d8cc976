import { defineConfig } from '@playwright/test'
import { CHROMIUM } from './tests/support/chromium.ts'

/** Their nodes announce themselves, and every node that does is found by every scan: one of these at a time. */
const ANNOUNCED = ['**/scan-and-add.spec.ts', '**/real-input.spec.ts']

// No retries: a test that passes at the second try has found something.
export default defineConfig({
  workers: 2,
  retries: 0,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  outputDir: 'test-results/playwright',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: { browserName: 'chromium', launchOptions: CHROMIUM },
  projects: [
    { name: 'desktop', testDir: 'tests/desktop' },
    { name: 'e2e', testDir: 'tests/e2e', testIgnore: ANNOUNCED },
    { name: 'announced', testDir: 'tests/e2e', testMatch: ANNOUNCED, workers: 1 },
  ],
})
