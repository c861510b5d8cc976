/** `npm run pictures`: takes the pictures of every screen and state, and looks at each. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { environmentOf, OUT, SIZES, THEMES, type Choices } from './choices.ts'
import { publish } from './publish.ts'

const HELP = `Usage: npm run -s pictures -- [options]

Starts the workstation and nodes, brings each screen and each state about, takes its picture in both themes and at
${SIZES.map(({ name }) => name).join(' and ')}, and looks at each: text that is cut or lies on other text, panels on panels, bars to scroll
sideways, what axe-core finds. Needs Chromium. Takes some ten minutes.

  --only NAME,...   only these scenes
  --list            print the names of the scenes and end
  --theme THEME     ${THEMES.join(' or ')}; default both
  --size SIZE       ${SIZES.map(({ name }) => name).join(' or ')}; default both
  --out DIR         where they go; default out/pictures
  --publish         afterwards write those that the pages use to docs/images, with fewer colours
  --help

Ends with 0 when every picture was taken and nothing was found, 1 when a state could not be reached or something was
found (the pictures stay, to be looked at), 2 on bad usage.`

const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli')
const CONFIG = fileURLToPath(new URL('playwright.config.ts', import.meta.url))

function playwright(args: readonly string[], environment: Record<string, string> = {}, quiet = false) {
  return spawnSync(process.execPath, [PLAYWRIGHT, 'test', '--config', CONFIG, ...args], {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
}

function sceneNames(): string[] {
  const lines = playwright(['--list', '--reporter=list'], {}, true).stdout.split('\n')
  return lines.flatMap((line) => (line.includes('›') ? [line.split('›').at(-1)!.trim()] : []))
}

function refuse(sentence: string): number {
  console.error(`pictures: ${sentence} See --help.`)
  return 2
}

async function main(): Promise<number> {
  let values
  try {
    ;({ values } = parseArgs({
      options: {
        only: { type: 'string' },
        list: { type: 'boolean' },
        theme: { type: 'string' },
        size: { type: 'string' },
        out: { type: 'string' },
        publish: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }))
  } catch (error) {
    return refuse((error as Error).message.split('\n')[0]!)
  }
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const names = sceneNames()
  if (values.list) {
    console.log(names.join('\n'))
    return 0
  }
  const only = values.only?.split(',') ?? []
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) return refuse(`there is no scene "${unknown}". --list names them.`)
  const themes = THEMES.filter((theme) => values.theme === undefined || theme === values.theme)
  if (themes.length === 0) return refuse(`there is no theme "${values.theme}".`)
  const sizes = SIZES.filter(({ name }) => values.size === undefined || name === values.size)
  if (sizes.length === 0) return refuse(`there is no size "${values.size}".`)
  const choices: Choices = { out: values.out === undefined ? OUT : resolve(values.out), themes, sizes }
  const grep = only.length > 0 ? ['--grep', only.map((name) => ` ${name}$`).join('|')] : []
  const { status } = playwright(grep, environmentOf(choices))
  console.log(`pictures: in ${choices.out}`)
  if (values.publish) await publish(choices.out)
  return status === 0 ? 0 : 1
}

process.exitCode = await main()
