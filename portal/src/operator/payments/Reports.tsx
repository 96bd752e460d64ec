import { Button, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { save, toCsv } from '~/shared/text/csv';
import { Card } from '~/shared/ui/Card';
import { failed } from '~/shared/ui/notify';
import { Failed } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { takeText } from '../api/client';
import { utcDay } from '../search';
import { deliveries, providersQuery, salesQuery } from './data';
import { DayRange } from './DayRange';
import { amount, salesHead, salesLine } from './sales';

/** Files for those who keep the books. */
export function Reports() {
  const [days, setDays] = useState({ from: utcDay(30), to: utcDay() });
  const providers = useQuery(providersQuery);
  const queries = useQueryClient();
  const name = (what: string) => `${what}-${days.from}-${days.to}.csv`;
  const sales = async () =>
    save(name('sales'), toCsv(salesHead, (await queries.fetchQuery(salesQuery(days))).map(salesLine)));
  const ledger = async () =>
    save(name('ledger'), await takeText(`/admin/v1/reports/ledger.csv?from=${days.from}&to=${days.to}`));
  const delivered = async (prefix: string) =>
    save(
      name(`deliveries-${prefix}`),
      toCsv(
        ['Reference', 'Provider’s name', 'Product', 'ICCID', 'Number', 'Cost', 'Delivered'],
        (await deliveries(prefix, days)).map((one) => [
          one.reference,
          one.providerOrderId,
          one.product,
          one.iccid,
          one.contactNumber,
          amount(one.costUsd),
          one.deliveredAt,
        ]),
      ),
    );
  return (
    <Card title="Reports">
      <Stack>
        <Text size="sm" c="dimmed">
          As CSV, of these days in UTC.
        </Text>
        <DayRange days={days} set={setDays} />
        {providers.isLoadingError && (
          <Failed error={providers.error} retry={() => void providers.refetch()} />
        )}
        <div className={ui.actions}>
          <Download name="Sales and margin" run={sales} />
          <Download name="Ledger by day and account" run={ledger} />
          {(providers.data ?? []).map(({ prefix }) => (
            <Download key={prefix} name={`Deliveries of ${prefix}`} run={() => delivered(prefix)} />
          ))}
        </div>
      </Stack>
    </Card>
  );
}

function Download({ name, run }: { name: string; run: () => Promise<void> }) {
  const [isRunning, setRunning] = useState(false);
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} />}
      loading={isRunning}
      onClick={() => {
        setRunning(true);
        void run()
          .catch(failed)
          .finally(() => setRunning(false));
      }}
    >
      {name}
    </Button>
  );
}
