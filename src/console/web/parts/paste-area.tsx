/** A text pasted for one preview: taken whole or not at all, and told how much too long it is. */
import { Alert, Input } from 'antd'
import { useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'

/** characters the preview takes, as the document of the API has them */
export const MOST = 1_048_576

interface PasteAreaProps {
  readonly text: string
  readonly onText: (text: string) => void
}

export function PasteArea({ text, onText }: PasteAreaProps) {
  const { t, count } = useLanguage()
  const [refused, setRefused] = useState(0)
  const take = (next: string) => {
    const tooLong = next.length > MOST
    setRefused(tooLong ? next.length : 0)
    if (!tooLong) onText(next)
  }
  return (
    <>
      <Alert type="info" showIcon title={t('preview.pasteSafe')} />
      <Input.TextArea
        aria-label={t('preview.paste')}
        rows={8}
        value={text}
        spellCheck={false}
        onChange={(event) => take(event.target.value)}
      />
      {refused > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('preview.tooLong', { size: count(refused), most: count(MOST) })}
        />
      )}
    </>
  )
}
