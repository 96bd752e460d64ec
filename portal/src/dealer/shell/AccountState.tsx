import { Page } from '~/shared/ui/Page';
import { Empty } from '~/shared/ui/states';
import type { Dealer } from '../session';

/** Instead of every page, while the account may not do business. */
export function AccountState({ dealer }: { dealer: Dealer }) {
  if (dealer.status === 'suspended')
    return (
      <Page name="Account suspended">
        <Empty title="Your account is suspended">
          Nothing can be ordered or paid at the moment. Your orders and your balance are kept. Your account
          manager knows why, and what to do.
        </Empty>
      </Page>
    );
  return (
    <Page name="Account not approved">
      <Empty title="We are looking at your account">
        You can begin as soon as it is approved. Your account manager can tell you how far that is.
      </Empty>
    </Page>
  );
}
