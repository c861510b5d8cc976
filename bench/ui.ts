/** `npm run bench:ui`: measures the screens in Chromium and prints one row a figure. */
import { runBenches } from './run.ts'
import { overview, panels } from './ui-frames.ts'
import { history } from './ui-history.ts'
import { memory } from './ui-memory.ts'

process.exitCode = await runBenches({
  command: 'bench:ui',
  about:
    'Measures the screens on this computer, in Chromium; takes about a quarter of an hour, two minutes without memory.',
  benches: [overview, panels, history, memory],
})
