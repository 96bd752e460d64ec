import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '~/shared/ui/Page';
import { Empty } from '~/shared/ui/states';

export function NoPage() {
  return (
    <Page name="No such page">
      <Empty
        title="There is no page at this address"
        action={
          <Anchor component={Link} to="/">
            Go to the overview
          </Anchor>
        }
      />
    </Page>
  );
}
