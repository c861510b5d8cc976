/** A pattern of slanted lines: where there is nothing to draw, and why that is not zero. */
export function hatchOf(colour: string): (context: CanvasRenderingContext2D) => CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = 8
  tile.height = 8
  const g = tile.getContext('2d')!
  g.strokeStyle = colour
  g.lineWidth = 1.6
  g.beginPath()
  for (const x of [-8, 0, 8]) {
    g.moveTo(x, 8)
    g.lineTo(x + 8, 0)
  }
  g.stroke()
  return (context) => context.createPattern(tile, 'repeat') ?? colour
}
