import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Page } from '~/shared/ui/Page';
import { Keys } from './Keys';
import { Webhooks } from './Webhooks';

export function Developers() {
  return (
    <Page
      name="Developers"
      lead="All that these pages do, your own programs can do, too."
      actions={
        <Anchor href="/docs" size="sm">
          API documentation <IconExternalLink size={14} />
        </Anchor>
      }
    >
      <Keys />
      <Webhooks />
    </Page>
  );
}
