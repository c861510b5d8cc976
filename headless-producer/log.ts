/** One line an event, on standard error: systemd's journal adds the time. */

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Log = (level: LogLevel, message: string) => void

export function stderrLog(highest: LogLevel): Log {
  const limit = LOG_LEVELS.indexOf(highest)
  return (level, message) => {
    if (LOG_LEVELS.indexOf(level) <= limit) process.stderr.write(`farfield-node: ${level}: ${message}\n`)
  }
}
