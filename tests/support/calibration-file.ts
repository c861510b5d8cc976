/** A calibration file as it comes with a measurement microphone: tab-parted rows under a line with the serial number. */

/** `gainDb`: the microphone's response at a frequency in Hz. */
export function calibrationFile(serial: string, gainDb: (hz: number) => number): string {
  const rows = Array.from({ length: 121 }, (_, i) => 20 * 1000 ** (i / 120))
  return [
    `"Sens Factor =-1.378dB, SERNO: ${serial}"`,
    ...rows.map((hz) => `${hz.toFixed(3)}\t${gainDb(hz).toFixed(4)}`),
    '',
  ].join('\r\n')
}
