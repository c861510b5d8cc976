// All tests, one closing line. Each step reports how many of its checks passed and failed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureSystem } from './system.mjs'

const reports = mkdtempSync(join(tmpdir(), 'farfield-test-'))
const total = { passed: 0, failed: 0 }

function run(program, args, env = {}) {
  const shell = process.platform === 'win32'
  return spawnSync(program, args, { stdio: 'inherit', shell, env: { ...process.env, ...env } }).status === 0
}

function count(name, { passed, failed }, started) {
  total.passed += passed
  total.failed += failed
  console.log(
    `farfield: ${name}: ${passed} passed, ${failed} failed in ${((Date.now() - started) / 1000).toFixed(0)} s\n`,
  )
}

/** A step that is one check by itself. */
function check(name, program, args) {
  const started = Date.now()
  const passed = run(program, args)
  count(name, { passed: passed ? 1 : 0, failed: passed ? 0 : 1 }, started)
}

/** A runner that writes a JSON report; a runner that fails without one counts as one failure. */
function suite(name, program, args, env, report, read) {
  const started = Date.now()
  const succeeded = run(program, args, env)
  let counts
  try {
    counts = read(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    counts = { passed: 0, failed: 1 }
  }
  if (!succeeded && counts.failed === 0) counts.failed = 1
  // No test at all, or one passed over, is a missing part.
  if (counts.passed === 0) counts.failed = Math.max(counts.failed, 1)
  count(name, counts, started)
}

if (!ensureSystem()) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}

check('formatting', 'prettier', ['--check', '--log-level', 'warn', '.'])
check('lint', 'oxlint', ['--type-aware', '--deny-warnings', '.'])
check('types', process.execPath, ['scripts/typecheck.mjs'])

const unit = join(reports, 'vitest.json')
const readings = join(reports, 'readings.jsonl')
suite(
  'units and integration',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`],
  { FARFIELD_ACCURACY: readings },
  unit,
  (r) => ({
    passed: r.numPassedTests,
    failed: r.numFailedTests + r.numPendingTests + r.numTodoTests,
  }),
)

check('accuracy', process.execPath, ['scripts/accuracy.mjs', '--check', '--from', readings])

const screens = join(reports, 'playwright.json')
suite(
  'screens',
  'playwright',
  ['test', '--reporter=list,json'],
  { PLAYWRIGHT_JSON_OUTPUT_FILE: screens },
  screens,
  (r) => ({
    passed: r.stats.expected,
    failed: r.stats.unexpected + r.stats.flaky + r.stats.skipped,
  }),
)

rmSync(reports, { recursive: true, force: true })
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
