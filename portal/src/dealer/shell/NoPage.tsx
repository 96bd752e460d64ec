import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '~/shared/ui/states';
import { Page } from '~/shared/ui/Page';

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
      >
        It may have been typed wrong, or the page has moved.
      </Empty>
    </Page>
  );
}
