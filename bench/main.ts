/** `npm run bench`: measures the whole path on this machine and prints one row a figure. */
import { frames } from './frames.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { node } from './node.ts'
import { runBenches } from './run.ts'

process.exitCode = await runBenches({
  command: 'bench',
  about: 'Measures Farfield on this computer; takes about five minutes.',
  benches: [latency, frames, node, ingest],
})
