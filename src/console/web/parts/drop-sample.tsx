/** Deletes the chosen sample, where the reader may: there is room for so many. */
import { App, Button, Popconfirm } from 'antd'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'

interface DropSampleProps {
  readonly sample: Schemas['Sample']
  readonly onDropped: () => Promise<void>
}

export function DropSample({ sample, onDropped }: DropSampleProps) {
  const { t, pick } = useLanguage()
  const { message } = App.useApp()
  const drop = async () => {
    try {
      await call('DELETE /api/samples/{sampleId}', { path: { sampleId: sample.id } })
      await onDropped()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      void message.error(pick({ zh: error.problem.messageZh, en: error.problem.messageEn }))
    }
  }
  return (
    <Popconfirm
      title={t('sample.drop', { title: sample.title })}
      description={t('sample.dropAbout')}
      okText={t('sample.dropShort')}
      okButtonProps={{ danger: true }}
      onConfirm={drop}
    >
      <Button size="small" danger>
        {t('sample.dropShort')}
      </Button>
    </Popconfirm>
  )
}
