/** What the pages show: the picture, and its name in docs/images. */
export const PUBLISHED: Readonly<Record<string, string>> = {
  'live-dark-1280x800': 'workstation',
  'wall-32-dark-1920x1080': 'wall',
}
