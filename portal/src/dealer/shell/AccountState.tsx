import { Page } from '~/shared/ui/Page';
import { Empty } from '~/shared/ui/states';
import type { Dealer } from '../session';
import { t } from '../words';

/** Instead of every page, while the account may not do business. */
export function AccountState({ dealer }: { dealer: Dealer }) {
  if (dealer.status === 'suspended')
    return (
      <Page name={t.shell.suspended}>
        <Empty title={t.shell.suspendedTitle}>{t.shell.suspendedText}</Empty>
      </Page>
    );
  return (
    <Page name={t.shell.pending}>
      <Empty title={t.shell.pendingTitle}>{t.shell.pendingText}</Empty>
    </Page>
  );
}
