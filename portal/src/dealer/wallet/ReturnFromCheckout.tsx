import { Alert, Loader } from '@mantine/core';
import { IconCheck, IconClock } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { usd } from '~/shared/text/format';
import { words } from '~/shared/text/words';
import { t } from '../words';
import { walletQuery } from './data';

const interval = 2_000;
/** After this long the card company needs its time, and watching does not help. */
const patience = 60_000;

/** Tells the reader who comes back from the card form what has become of the payment. */
export function ReturnFromCheckout({ session, onClose }: { session: string; onClose: () => void }) {
  const queries = useQueryClient();
  const watched = useQuery({
    ...walletQuery,
    refetchInterval: (query) => {
      const arrived = query.state.data?.transactions.some((entry) => entry.stripe_session_id === session);
      const waited = query.state.dataUpdateCount * interval;
      return arrived || waited > patience ? false : interval;
    },
  });
  const entry = watched.data?.transactions.find((one) => one.stripe_session_id === session);
  const hasArrived = entry !== undefined;
  useEffect(() => {
    if (hasArrived) void queries.invalidateQueries({ queryKey: ['wallet', 'transactions'] });
  }, [hasArrived, queries]);
  if (entry)
    return (
      <Alert
        color="green"
        role="status"
        variant="light"
        icon={<IconCheck size={18} />}
        title={t.wallet.received}
        withCloseButton
        closeButtonLabel={words.close}
        onClose={onClose}
      >
        {t.wallet.inWallet(usd(entry.amount_usd))}
      </Alert>
    );
  return (
    <Alert
      color="blue"
      role="status"
      variant="light"
      icon={watched.isFetching ? <Loader size={16} /> : <IconClock size={18} />}
      title={t.wallet.waiting}
      withCloseButton
      closeButtonLabel={words.close}
      onClose={onClose}
    >
      {t.wallet.waitingText}
    </Alert>
  );
}
