/** How the clocks of a node stand to this computer's. */

export interface NodeClockView {
  /** The node's monotonic clock minus this computer's, ns. */
  readonly offsetNs: bigint
  /** Round trip of the exchange that the offset is from, ms; the offset is wrong by half of it at most. */
  readonly roundTripMs: number
  /** How much faster the node captures than its rate says by this computer's clock, parts per million; absent before it was watched for half a minute. */
  readonly driftPpm?: number
  /** The node's wall clock has jumped since the session began. */
  readonly stepped: boolean
}
