import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '~/shared/ui/states';
import { Page } from '~/shared/ui/Page';
import { t } from '../words';

export function NoPage() {
  return (
    <Page name={t.shell.noPage}>
      <Empty
        title={t.shell.noPageTitle}
        action={
          <Anchor component={Link} to="/">
            {t.shell.toOverview}
          </Anchor>
        }
      >
        {t.shell.noPageText}
      </Empty>
    </Page>
  );
}
