import { Button, Group, NumberInput, Stack, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { newKey } from '~/shared/api/client';
import { separators, usd, wholeUsd } from '~/shared/text/format';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { Failed, Refusal } from '~/shared/ui/states';
import { t } from '../words';
import { feeQuery, startCheckout } from './data';

const least = 50;
const most = 10_000;
const suggestions = [100, 250, 500, 1000];

/** Asks how much, shows what the card will be charged, and goes to the card form. */
export function TopUp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [amount, setAmount] = useState<number | string>(100);
  const [settled] = useDebouncedValue(amount, 200);
  const isInBounds = typeof amount === 'number' && amount >= least && amount <= most;
  const wish = typeof settled === 'number' && settled >= least && settled <= most ? settled : null;
  const fee = useQuery({
    ...feeQuery(wish ?? least),
    enabled: opened && wish !== null,
    placeholderData: keepPreviousData,
  });
  // Nobody goes on before the fee of this very amount stands there.
  const isShown = isInBounds && wish === amount && fee.isSuccess && !fee.isPlaceholderData;
  const paying = useMutation({
    mutationFn: () => startCheckout(Number(amount), newKey()),
    onSuccess: (started) => window.location.assign(started.checkoutUrl),
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t.wallet.topUpTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isShown) paying.mutate();
        }}
      >
        <Stack>
          <NumberInput
            label={t.fields.amount}
            description={t.wallet.topUpHint(usd(least), usd(most))}
            prefix="$"
            {...separators()}
            decimalScale={2}
            allowNegative={false}
            hideControls
            value={amount}
            onChange={setAmount}
            error={amount !== '' && !isInBounds ? t.wallet.between(usd(least), usd(most)) : undefined}
            data-autofocus
          />
          <Group gap="xs">
            {suggestions.map((each) => (
              <Button
                key={each}
                size="compact-sm"
                variant={amount === each ? 'light' : 'default'}
                onClick={() => setAmount(each)}
              >
                {wholeUsd(each)}
              </Button>
            ))}
          </Group>
          {fee.data && isInBounds && (
            <Table withRowBorders={false} className="figures">
              <Table.Tbody>
                <Table.Tr>
                  <Table.Th fw={400}>{t.wallet.receives}</Table.Th>
                  <Table.Td ta="right">{usd(fee.data.net)}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th fw={400}>{t.wallet.fee}</Table.Th>
                  <Table.Td ta="right">{usd(fee.data.fee)}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>{t.wallet.charged}</Table.Th>
                  <Table.Td ta="right" fw={600}>
                    {usd(fee.data.gross)}
                  </Table.Td>
                </Table.Tr>
              </Table.Tbody>
            </Table>
          )}
          {fee.isError && <Failed error={fee.error} retry={() => void fee.refetch()} />}
          <Refusal error={paying.error} />
          <DialogFoot onClose={onClose}>
            <Button type="submit" loading={paying.isPending || paying.isSuccess} disabled={!isShown}>
              {t.wallet.toPayment}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Dialog>
  );
}
