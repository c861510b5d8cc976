/** Where the files of a take are, and ways to them: on this computer's desktop their folder, in a browser a copy of them. */
import { useContext } from 'react'
import { takeFilePath } from '#contract/take-files.ts'
import type { TakeView, WorkstationState } from '#contract/state.ts'
import { TellerContext, useRun } from '#renderer/hooks.ts'
import { copyText } from './copy.ts'

/** More are in the folder. */
const MAX_FILES = 50

export interface TakeFileListProps {
  readonly take: TakeView
  readonly about: WorkstationState['about']
}

export function TakeFileList({ take, about }: TakeFileListProps) {
  const run = useRun()
  const teller = useContext(TellerContext)
  const copy = async (path: string): Promise<void> => {
    if (await copyText(path)) teller.done('The path was copied.')
    else
      teller.fault({
        code: 'internal',
        message: 'The browser did not let the path be copied. Mark it and copy it by hand.',
      })
  }
  return (
    <ul className="take-files" aria-label="Files">
      {take.files.slice(0, MAX_FILES).map((file, place) => {
        const path = `${take.folder}/${file}`
        return (
          <li key={file}>
            <span className="take-path">{path}</span>
            <button
              type="button"
              className="button button-small"
              aria-label={`Copy path of ${file}`}
              onClick={() => void copy(path)}
            >
              Copy path
            </button>
            {about.reveals ? (
              <button
                type="button"
                className="button button-small"
                aria-label={`Show in folder: ${file}`}
                onClick={() => void run('take.reveal', { take: take.id, file: place })}
              >
                Show in folder
              </button>
            ) : (
              <>
                <a
                  className="button button-small"
                  href={takeFilePath({ take: take.id, file: place, form: 'recording' })}
                  download={file}
                  aria-label={`Download ${file}`}
                >
                  Download
                </a>
                <a
                  className="button button-small"
                  href={takeFilePath({ take: take.id, file: place, form: 'certificate' })}
                  download={`${file}.json`}
                  aria-label={`Certificate of ${file}`}
                >
                  Certificate
                </a>
              </>
            )}
          </li>
        )
      })}
    </ul>
  )
}
