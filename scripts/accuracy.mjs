// Writes docs/accuracy.md from what the tests read; --check compares it instead. --from FILE takes readings already gathered.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const PAGE = 'docs/accuracy.md'
/** Sections with more rows than this are folded. */
const FOLD = 40

/** In the order of the page. A case is put into the first section whose beginning its standard has. */
const SECTIONS = [
  [
    'EBU Tech 3341',
    'Loudness meters of "EBU Mode": the signals of table 1, made exactly; errors against the wanted reading. Cases 7 and 8 are programmes that only the EBU has.',
  ],
  ['EBU Tech 3342', 'Loudness range. Cases 5 and 6 are programmes that only the EBU has.'],
  ['ITU-R BS.1770-5', 'Loudness and true peak. The recommendation gives no tolerances: these are ours.'],
  [
    'libebur128',
    'Differences from the library that players, editors and broadcasters use, called on the same samples; the largest over the whole of the programme. These depend a little on the versions of that library and of the voice.',
  ],
  ['IEC 61672-1 5.6', 'Sound level meters, class 1: linearity of level.'],
  ['IEC 61672-1 5.8', 'Sound level meters, class 1: time weightings.'],
  ['IEC 61672-1 5.9', 'Sound level meters, class 1: repeated tone bursts.'],
  [
    'IEC 61672-1 table 3',
    'Sound level meters, class 1: frequency weightings A, C and Z, measured with sines through the running filters.',
  ],
  [
    'IEC 61672-1 table 4',
    'Sound level meters, class 1: tone bursts of 4 kHz, against the steady level; also with bursts that begin between the ticks of the meter.',
  ],
  ['IEC 61672-1 table 5', 'Sound level meters, class 1: C-weighted peak less the steady level.'],
  ['IEC 61260-1 5.12', 'Band filters, class 1: effective bandwidth, at every rate.'],
  ['IEC 61260-1 5.13', 'Band filters, class 1: linearity of level.'],
  ['IEC 61260-1 5.14', 'Band filters, class 1: a swept sine.'],
  ['IEC 61260-1 5.16', 'Band filters, class 1: sum of neighbouring bands.'],
  [
    'IEC 61260-1 table 1',
    'Band filters, class 1: relative attenuation of every third octave by stepped sines through the whole bank, aliasing included.',
  ],
  ['Calibration filter', 'The filter that undoes a microphone, measured through the running convolution.'],
]

const INTRODUCTION = `# Accuracy

What the meters read in the cases of their standards. \`npm run accuracy\` writes this page from the tests; \`npm test\` fails when a reading
leaves its tolerance, and when this page no longer says what the tests read.

Each signal is made in the test from its description in the standard, in double precision. It goes in blocks through the whole meter, as the
sound of a node does, or, for the response of a filter, through the filter that the meter runs. The tolerance is the standard's, as the wanted
reading and what may be added to it, or as a limit; the tests hold some readings to less (the cases of EBU Tech 3341 to half).

What is read here is the reference in TypeScript. Further tests hold the WebAssembly kernels to it, and show that a meter reads the same
however its sound was cut into blocks, with gaps and resets at the same places.
`

const { values: options } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } })
const records = options.from === undefined ? runTests() : readRecords(options.from)
if (records === undefined) process.exit(1)
const page = pageOf(records)
if (!options.check) {
  writeFileSync(PAGE, page)
  console.log(`${records.length} readings are in ${PAGE}.`)
} else {
  const difference = firstDifference(readIfThere(PAGE), page)
  if (difference) {
    console.error(`${PAGE} does not say what the tests read:\n  page:  ${difference[0]}\n  tests: ${difference[1]}`)
    console.error('Run `npm run accuracy` and look at what has changed.')
    process.exit(1)
  }
  console.log(`${records.length} readings are as ${PAGE} says.`)
}

/** Runs the tests that take note of what they read. Undefined when one fails. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'farfield-accuracy-'))
  const file = join(folder, 'readings.jsonl')
  try {
    const { status } = spawnSync('vitest', ['run', '--reporter=dot', ...recordingTests()], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
      env: { ...process.env, FARFIELD_ACCURACY: file },
    })
    if (status === 0) return readRecords(file)
    console.error('A test failed; the page is as it was.')
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function recordingTests() {
  return ['tests/unit', 'tests/integration'].flatMap((folder) =>
    readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((file) => /support\/(accuracy|within)\.ts/.test(readFileSync(file, 'utf8'))),
  )
}

function readRecords(file) {
  const lines = readIfThere(file).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function pageOf(all) {
  const bySection = Map.groupBy(all, sectionOf)
  const present = SECTIONS.filter((section) => bySection.has(section))
  const contents = present.map((section) => `| ${section[0]} | ${bySection.get(section).length} |`)
  return [
    INTRODUCTION,
    '| standard | readings |\n|---|---|',
    `${contents.join('\n')}\n`,
    ...present.map((section) => sectionText(section, bySection.get(section))),
  ].join('\n')
}

/** A standard that has no section yet is our own mistake. */
function sectionOf({ standard }) {
  const section = SECTIONS.find(([name]) => standard === name)
  if (!section) throw new Error(`${standard} has no section in scripts/accuracy.mjs`)
  return section
}

function sectionText([name, about], rows) {
  const lines = [
    ...new Set(
      rows.toSorted(byCase).map((row) => `| ${[row.case, row.tolerance, row.read].map(typeset).join(' | ')} |`),
    ),
  ]
  const table = ['| case | tolerance | read |', '|---|---|---|', ...lines].join('\n')
  const body =
    lines.length > FOLD ? `<details>\n<summary>${lines.length} readings</summary>\n\n${table}\n\n</details>` : table
  return `## ${name}\n\n${about}\n\n${body}\n`
}

/** Numbers in the order of their size, words in that of their letters; the order does not depend on the machine. */
function byCase(a, b) {
  const parts = (row) => `${row.case} ${row.tolerance}`.match(/\d+(?:\.\d+)?|\D+/g)
  const [one, other] = [parts(a), parts(b)]
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = Number(one[i]) - Number(other[i])
    if (difference) return difference
    if (one[i] !== other[i] && Number.isNaN(difference)) return one[i] < other[i] ? -1 : 1
  }
  return one.length - other.length
}

/** A minus for a hyphen before a number, and none before zero. */
function typeset(text) {
  return text.replace(/(?<![\w.])-(?=\d)/g, '−').replace(/−(?=0(?:\.0*)?(?![\d.]))/g, '')
}

/** The first two lines that differ by more than rounding, or undefined. */
function firstDifference(written, read) {
  const [page, tests] = [written.split('\n'), read.split('\n')]
  for (let i = 0; i < Math.max(page.length, tests.length); i++)
    if (!alike(page[i] ?? '', tests[i] ?? '')) return [page[i] ?? '(nothing)', tests[i] ?? '(nothing)']
  return undefined
}

/** Words are the same, and numbers within one of their last digit. Differences from other programs change with these. */
function alike(a, b) {
  const number = /[−+]?\d+(?:\.\d+)?/g
  if (a.replace(number, '#') !== b.replace(number, '#')) return false
  if (a.endsWith('apart |')) return true
  const value = (text) => Number(text.replace('−', '-'))
  const others = b.match(number)
  return (a.match(number) ?? []).every((text, i) => {
    const step = 10 ** -(text.split('.')[1]?.length ?? 0)
    return text === others[i] || (step < 1 && Math.abs(value(text) - value(others[i])) < 1.5 * step)
  })
}
