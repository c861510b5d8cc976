/** The eye of `npm run pictures`: it sees what is planted, and nothing where nothing is. */
import { flawsOf } from '../../pictures/flaws.ts'
import { expect, test } from '../support/e2e.ts'

const PLANTED: readonly (readonly [html: string, flaw: RegExp])[] = [
  [
    '<p style="width:60px;overflow:hidden;white-space:nowrap">Level of the channel</p>',
    /^cut at the side: p\..*"Level/,
  ],
  ['<p style="height:8px;overflow:hidden">Level of the channel</p>', /^cut above or below/],
  ['<p>Momentary</p><p style="margin-top:-2em">Integrated</p>', /^on other text \("Integrated"\): p\. "Momentary"/],
  ['<b class="badge" style="display:block;width:40px;white-space:nowrap">−23.0 LUFS</b>', /^beside its box/],
  ['<p style="white-space:nowrap;margin-left:99vw">Far out</p>', /^beside the window/],
  ['<b class="panel">One</b><b class="panel" style="margin-left:-20px">Two</b>', /^on another \.panel/],
  [
    '<div class="panel"><div class="panel-body" style="height:20px;overflow:auto">A<br>B<br>C</div></div>',
    /^higher than/,
  ],
  ['<div style="width:90px;overflow:auto"><p style="width:200px">Wide</p></div>', /^scrolls sideways/],
  ['<p>NaN dB</p>', /^not a text for people/],
]
const SOUND = [
  '<p style="width:60px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">Level of the channel</p>',
  '<p style="height:20px;overflow:auto">Level<br>of<br>the<br>channel</p>',
  '<p style="visibility:hidden">NaN</p>',
  '<div style="display:grid;gap:8px"><b class="panel">One</b><b class="panel">Two</b></div>',
]

test('the eye of the pictures sees what is planted, and nothing else', async ({ page }) => {
  for (const [html, flaw] of PLANTED) {
    await page.setContent(html)
    expect(await page.evaluate(flawsOf), html).toContainEqual(expect.stringMatching(flaw))
  }
  for (const html of SOUND) {
    await page.setContent(html)
    expect(await page.evaluate(flawsOf), html).toEqual([])
  }
})
