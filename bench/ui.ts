/** `npm run bench:ui`: measures the screens in Chromium and prints one row a figure. */
import { runBenches } from './run.ts'
import { history } from './ui-history.ts'

process.exitCode = await runBenches({
  command: 'bench:ui',
  about: 'Measures the screens on this computer, in Chromium; takes about a minute.',
  benches: [history],
})
