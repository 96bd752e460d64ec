import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Page } from '~/shared/ui/Page';
import { t } from '../words';
import { Keys } from './Keys';
import { Requests } from './Requests';
import { Sandbox } from './Sandbox';
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
      <Requests />
      <Sandbox />
    </Page>
  );
}
