/** The keys whose signatures count. A private key is made here, in this browser, and never leaves it. */

import { Alert, App, Button, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Page, Section } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { SignAct } from '../parts/sign-act.tsx'
import { useSigner } from '../parts/use-signer.ts'

type Approvers = Schemas['Approvers']

interface Row {
  readonly id: string
  readonly name: string
  /** of the public key: what its holder's own page shows */
  readonly thumbprint: string
  readonly label: string
  readonly at: string | undefined
  readonly state: 'enrolled' | 'proposed'
  /** somebody here has an account of this name */
  readonly account: boolean
}

function rowsOf({ enrolled, proposed }: Approvers): Row[] {
  return [
    ...enrolled.map(({ name, id, account }) => ({
      id: `e ${name}`,
      name,
      thumbprint: id,
      label: '–',
      at: undefined,
      state: 'enrolled' as const,
      account,
    })),
    ...proposed.map(({ name, id, label, at }) => ({
      id: `p ${name}`,
      name,
      thumbprint: id,
      label,
      at,
      state: 'proposed' as const,
      account: true,
    })),
  ]
}

export default function ApproversPage() {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { account } = useSignedIn()
  const signer = useSigner()
  const { data, problem, reload } = useLoaded(() => call('GET /api/approvers', {}), 'approvers')
  const mine = data?.enrolled.some((key) => key.x === signer.key?.jwk.x) ?? false
  return (
    <Page wide title={t('nav.approvers')} about={t('approver.about')}>
      <Refusal problem={problem} />
      {may('proposeApprover') && data !== undefined && <OwnKey approvers={data} signer={signer} reload={reload} />}
      {data?.enrolled.some((key) => !key.account) === true && <p className="quiet">{t('key.noAccountAbout')}</p>}
      <DataTable<Row>
        rowKey="id"
        empty={t('approver.none')}
        dataSource={data === undefined ? [] : rowsOf(data)}
        columns={[
          { title: t('approver.whose'), dataIndex: 'name' },
          { title: t('approver.label'), dataIndex: 'label' },
          {
            title: t('approver.id'),
            render: (_, key) => <code title={key.thumbprint}>{key.thumbprint.slice(0, 12)}</code>,
          },
          {
            title: t('change.state'),
            render: (_, key) => (
              <>
                <Tag color={key.state === 'enrolled' ? 'success' : 'warning'}>{t(`key.${key.state}`)}</Tag>
                {!key.account && <Tag>{t('key.noAccount')}</Tag>}
              </>
            ),
          },
          { title: t('approver.since'), render: (_, key) => moment(key.at) },
          {
            title: t('table.actions'),
            shown: mine,
            render: (_, key) =>
              mine &&
              key.name !== account.name && (
                <SignAct
                  small
                  act={key.state === 'enrolled' ? 'remove' : 'enrol'}
                  subject={key.name}
                  danger={key.state === 'enrolled'}
                  label={key.state === 'enrolled' ? t('approver.remove') : t('approver.enrol')}
                  title={t(key.state === 'enrolled' ? 'approver.removeOf' : 'approver.enrolOf', { name: key.name })}
                  about={key.state === 'enrolled' ? t('approver.removeAbout') : t('approver.enrolAbout')}
                  done={reload}
                >
                  <p>
                    {t('approver.id')}{' '}
                    <code className="whole" data-testid="thumbprint-of">
                      {key.thumbprint}
                    </code>
                  </p>
                </SignAct>
              ),
          },
        ]}
      />
    </Page>
  )
}

interface OwnKeyProps {
  readonly approvers: Approvers
  readonly signer: ReturnType<typeof useSigner>
  readonly reload: () => Promise<void>
}

function OwnKey({ approvers, signer, reload }: OwnKeyProps) {
  const { t } = useLanguage()
  const { account } = useSignedIn()
  const { message } = App.useApp()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act()
      setProblem(undefined)
      await reload()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  const make = ({ label }: { label: string }) =>
    attempt(async () => {
      // a key that was made but never proposed is used before another is made
      const key = signer.key ?? (await signer.make())
      const { x = '', y = '' } = key.jwk
      const proof = await signer.sign(JSON.stringify({ account: account.name, x, y }), 'veilgate-key', key)
      await call('POST /api/approvers', { body: { x, y, label: label.trim(), proof } })
      void message.success(t('approver.made'))
    })
  const withdraw = () => attempt(() => call('DELETE /api/approvers/{name}', { path: { name: account.name } }))
  if (signer.key === undefined) return null
  const x = signer.key?.jwk.x
  const enrolled = approvers.enrolled.some((key) => key.x === x)
  const proposed = approvers.proposed.some((key) => key.x === x)
  return (
    <Section title={t('approver.own')}>
      <Refusal problem={problem} />
      {enrolled || proposed ? (
        <Alert
          type={enrolled ? 'success' : 'info'}
          showIcon
          data-testid="own-key"
          title={t(enrolled ? 'approver.mine.enrolled' : 'approver.mine.proposed')}
          description={<code data-testid="thumbprint">{signer.key?.thumbprint}</code>}
          action={
            proposed ? (
              <Button size="small" onClick={() => void withdraw()}>
                {t('approver.withdraw')}
              </Button>
            ) : undefined
          }
        />
      ) : (
        <>
          <p>{t('approver.ownAbout')}</p>
          <Form layout="inline" className="new-line" onFinish={make} requiredMark={false}>
            <Form.Item
              name="label"
              label={t('approver.where')}
              rules={[{ required: true, whitespace: true, message: t('approver.needLabel') }]}
            >
              <Input maxLength={64} placeholder={t('approver.example')} />
            </Form.Item>
            <Button type="primary" htmlType="submit">
              {t('approver.make')}
            </Button>
          </Form>
        </>
      )}
    </Section>
  )
}
