import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Page } from '~/shared/ui/Page';
import { t } from '../words';
import { Keys } from './Keys';
import { Webhooks } from './Webhooks';

export function Developers() {
  return (
    <Page
      name={t.pages.developers}
      lead={t.developers.lead}
      actions={
        <Anchor href="/docs" size="sm">
          {t.signIn.documentation} <IconExternalLink size={14} />
        </Anchor>
      }
    >
      <Keys />
      <Webhooks />
    </Page>
  );
}
