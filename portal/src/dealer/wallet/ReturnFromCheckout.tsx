import { Alert, Loader } from '@mantine/core';
import { IconCheck, IconClock } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { usd } from '~/shared/text/format';
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
        title="Payment received"
        withCloseButton
        closeButtonLabel="Close"
        onClose={onClose}
      >
        {usd(entry.amount_usd)} are in your wallet.
      </Alert>
    );
  return (
    <Alert
      color="blue"
      role="status"
      variant="light"
      icon={watched.isFetching ? <Loader size={16} /> : <IconClock size={18} />}
      title="We are waiting for your payment"
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      The amount is in your wallet as soon as the card company has confirmed it. You can leave this page.
    </Alert>
  );
}
