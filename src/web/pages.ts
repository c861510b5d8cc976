/** The few pages that the host writes itself: the login, and refusals as a sentence. No script; one style sheet. */

export const STYLE_PATH = '/host.css'

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f6; --card: #fff; --ink: #16191d; --quiet: #59616b; --line: #c9ced4; --accent: #0b63ce; --on-accent: #fff;
  --bad: #b3261e; --bad-ground: #fdecea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1113; --card: #181b1f; --ink: #eceff2; --quiet: #9aa4af; --line: #3a414a; --accent: #6db0ff; --on-accent: #08111d;
    --bad: #ffb4ab; --bad-ground: #3b1714;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px;
}
h1 { margin: 0 0 0.25rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0 0 1rem; color: var(--quiet); }
p:last-child { margin-bottom: 0; }
label { display: block; margin-bottom: 0.375rem; font-weight: 600; }
input, button { width: 100%; min-height: 2.75rem; padding: 0.5rem 0.75rem; border-radius: 8px; font: inherit; }
input { border: 1px solid var(--quiet); background: var(--ground); color: var(--ink); }
input[aria-invalid='true'] { border-color: var(--bad); }
button { margin-top: 1rem; border: 0; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.error { margin: 0 0 1rem; padding: 0.625rem 0.75rem; border-radius: 8px; background: var(--bad-ground); color: var(--bad); }
a { color: var(--accent); }
`

/** `error`: a sentence over the field, which is read out when the page comes. */
export function loginPage(computer: string, error?: string): string {
  const alert = error === undefined ? '' : `<p class="error" id="error" role="alert">${escape(error)}</p>`
  const invalid = error === undefined ? '' : ' aria-invalid="true" aria-describedby="error"'
  return page(
    'Log in',
    `<h1>Farfield</h1>
<p>The workstation on <strong>${escape(computer)}</strong>.</p>
${alert}
<form method="post" action="/login">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${invalid}>
<button type="submit">Log in</button>
</form>`,
  )
}

export function sentencePage(title: string, sentence: string): string {
  return page(title, `<h1>${escape(title)}</h1>\n<p>${escape(sentence)}</p>\n<p><a href="/">Open Farfield</a></p>`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Farfield</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
