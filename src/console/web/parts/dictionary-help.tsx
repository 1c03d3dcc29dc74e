/** What somebody needs before a batch can be brought: a draft to put it in, the columns, and an example to look at. */
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Lexicon } from '../yaml/lexicon.ts'
import { harmless } from './csv-cells.ts'
import { Refusal } from './refusal.tsx'

/** columns a batch cannot do without; the signed-in person is the author anyway */
export const NEEDED = ['term', 'replacement', 'status', 'author', 'approver']

export function BatchColumns() {
  const { t, lang } = useLanguage()
  const { data } = useLoaded(() => call('GET /api/vocabulary', {}), 'vocabulary')
  if (data === undefined) return null
  const words = new Lexicon(data).words('dictionary-row')
  const list = (needed: boolean) =>
    words
      .filter((each) => NEEDED.includes(each.en) === needed)
      .map((each) => each[lang])
      .join(lang === 'zh' ? '、' : ', ')
  return <p className="quiet">{t('dictionary.columns', { needed: list(true), others: list(false) })}</p>
}

/** The dictionary as the rules hold it: to read, and as the pattern of a batch. */
export function DownloadDictionary({ reference, id }: { reference: string; id: string }) {
  const { t } = useLanguage()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const load = async () => {
    try {
      const path = `dictionaries/${id}.csv`
      const { text } = await call('GET /api/rules/{ref}/file', { path: { ref: reference }, query: { path } })
      // with its mark: spreadsheets take a bare file for the system's encoding
      const url = URL.createObjectURL(new Blob(['\ufeff', harmless(text.replace(/^\ufeff/, ''))], { type: 'text/csv' }))
      Object.assign(document.createElement('a'), { href: url, download: `${id}.csv` }).click()
      URL.revokeObjectURL(url)
      setProblem(undefined)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <>
      <Button size="small" onClick={() => void load()}>
        {t('dictionary.download')}
      </Button>
      <Refusal problem={problem} />
    </>
  )
}

export function NoDraft({ begun }: { begun: () => Promise<void> }) {
  const { t, moment } = useLanguage()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const begin = async () => {
    try {
      await call('POST /api/drafts', { body: { title: `${t('dictionary.draftTitle')} ${moment(Date.now())}` } })
      await begun()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <>
      <Refusal problem={problem} />
      <Alert
        type="info"
        showIcon
        title={t('dictionary.needDraft')}
        action={
          <Button size="small" type="primary" onClick={() => void begin()}>
            {t('dictionary.begin')}
          </Button>
        }
      />
    </>
  )
}
