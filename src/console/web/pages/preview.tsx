/** Before and after of a sample or of pasted text, for any role; each treated value leads to the line that decided it. */
import { Alert, Button, Radio, Spin } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { BeforeAfter } from '../parts/before-after.tsx'
import { DropButton } from '../parts/drop-button.tsx'
import { Page } from '../parts/page.tsx'
import { PasteArea } from '../parts/paste-area.tsx'
import { type Call, PreviewFor } from '../parts/preview-for.tsx'
import { ProblemList } from '../parts/problem-list.tsx'
import { RefPicker } from '../parts/ref-picker.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { SaveSample } from '../parts/save-sample.tsx'
import { useFirstSample } from '../parts/use-first-sample.ts'
import { go, usePlace } from '../router.ts'

type Preview = Schemas['Preview']

const PAUSE = 500

export default function PreviewPage() {
  const { t } = useLanguage()
  const { may } = useSession()
  const { query } = usePlace()
  const ref = query.get('ref') ?? 'active'
  const rules = useLoaded(() => call('GET /api/rules/{ref}', { path: { ref } }), ref)
  const samples = useLoaded(() => call('GET /api/samples', {}), 'samples')
  const [pasted, setPasted] = useState(false)
  const [text, setText] = useState('')
  const [format, setFormat] = useState('json')
  const first = useFirstSample(ref, rules.data, samples.data?.samples, {
    sample: query.get('sample') ?? undefined,
    role: query.get('role') ?? undefined,
    scenario: query.get('scenario') ?? undefined,
  })
  const asked: Call = {
    ...first,
    institution: query.get('institution') ?? undefined,
    interface: query.get('interface') ?? undefined,
    at: query.get('at') ?? undefined,
  }
  const source = pasted ? { text, format } : { sample: asked.sample }
  const result = usePreview(ref, asked, source)
  const chosen = pasted ? undefined : samples.data?.samples.find(({ id }) => id === asked.sample)
  // what was chosen for the reader is theirs from the first change on; another role comes with a scenario of its own
  const set = (name: string, value: string | undefined) => {
    const policy = name === 'role' ? rules.data?.policies.find((each) => each.roles?.includes(value ?? '')) : undefined
    const scenario = policy === undefined ? {} : { scenario: policy.scenarios?.[0] }
    go('preview', { ...first, ...Object.fromEntries(query), [name]: value, ...scenario })
  }
  return (
    <Page
      wide
      title={t('nav.preview')}
      about={t('preview.about')}
      actions={<RefPicker value={ref} onChange={(next) => set('ref', next === 'active' ? undefined : next)} />}
    >
      <Refusal problem={rules.problem ?? samples.problem} />
      <Radio.Group
        optionType="button"
        value={pasted ? 'text' : 'sample'}
        onChange={(event) => setPasted(event.target.value === 'text')}
        options={[
          { value: 'sample', label: t('preview.sample') },
          { value: 'text', label: t('preview.paste') },
        ]}
      />
      {rules.data !== undefined && (
        <PreviewFor
          rules={rules.data}
          samples={pasted ? undefined : samples.data?.samples}
          format={pasted ? { value: format, set: setFormat } : undefined}
          asked={asked}
          set={set}
        />
      )}
      {chosen?.droppable === true && may('deleteSample') && (
        <DropButton
          title={t('sample.drop', { title: chosen.title })}
          about={t('sample.dropAbout')}
          word={t('sample.dropShort')}
          drop={async () => {
            await call('DELETE /api/samples/{sampleId}', { path: { sampleId: chosen.id } })
            await samples.reload()
            set('sample', undefined)
          }}
        />
      )}
      {pasted && (
        <div className="paste">
          <PasteArea text={text} onText={setText} />
          <div className="actions">
            <Button onClick={() => setText('')} disabled={text === ''}>
              {t('preview.forget')}
            </Button>
            {may('saveSample') && text !== '' && (
              <SaveSample
                text={text}
                format={format}
                onSaved={async (id) => {
                  await samples.reload()
                  setPasted(false)
                  setText('')
                  set('sample', id)
                }}
              />
            )}
          </div>
        </div>
      )}
      <Result reference={ref} result={result} rules={rules.data} wanted={query.get('element') ?? undefined} />
    </Page>
  )
}

interface Asked {
  readonly data: Preview | undefined
  readonly problem: Schemas['Problem'] | undefined
  readonly busy: boolean
}

interface ResultProps {
  readonly reference: string
  readonly result: Asked
  readonly rules: Schemas['Rules'] | undefined
  readonly wanted: string | undefined
}

function Result({ reference, result, rules, wanted }: ResultProps) {
  const { t, pick } = useLanguage()
  const { data, problem, busy } = result
  return (
    <>
      <p role="status" className="quiet" data-testid="preview-counts">
        {busy && <Spin size="small" />}{' '}
        {data !== undefined && data.refused === null && t('preview.counts', data.counts)}
      </p>
      <Refusal problem={problem} />
      {data?.refused != null && (
        <Alert
          type="warning"
          showIcon
          title={
            <>
              {t('preview.refused')} {pick(data.because ?? undefined)} <code className="code">{data.refused}</code>
            </>
          }
          description={data.problems.length > 0 ? <ProblemList problems={data.problems} /> : t('preview.refusedAbout')}
        />
      )}
      {data !== undefined && rules !== undefined && (
        <BeforeAfter reference={reference} preview={data} rules={rules} wanted={wanted} />
      )}
    </>
  )
}

/** Asked again whenever the call or the text changes; the text lives here and in that one reply, nowhere else. */
function usePreview(
  ref: string,
  asked: Call,
  source: { text?: string; format?: string; sample?: string | undefined },
): Asked {
  const [state, setState] = useState<Asked>({ data: undefined, problem: undefined, busy: false })
  const turn = useRef(0)
  const body = JSON.stringify({ ...asked, sample: undefined, ...source })
  useEffect(() => {
    turn.current += 1
    const mine = turn.current
    const request = JSON.parse(body) as Schemas['PreviewRequest']
    const empty = (request.sample ?? '') === '' && (request.text ?? '') === ''
    if (empty || request.role === undefined) return setState({ data: undefined, problem: undefined, busy: false })
    const timer = window.setTimeout(
      async () => {
        setState((old) => ({ ...old, busy: true }))
        try {
          const data = await call('POST /api/rules/{ref}/preview', { path: { ref }, body: request })
          if (mine === turn.current) setState({ data, problem: undefined, busy: false })
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          if (mine === turn.current) setState({ data: undefined, problem: error.problem, busy: false })
        }
      },
      request.text === undefined ? 0 : PAUSE,
    )
    return () => window.clearTimeout(timer)
  }, [ref, body])
  return state
}
