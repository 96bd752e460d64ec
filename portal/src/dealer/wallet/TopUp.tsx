import { Alert, Button, Group, Modal, NumberInput, Stack, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { newKey } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { usd } from '~/shared/text/format';
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
  const paying = useMutation({
    mutationFn: () => startCheckout(Number(amount), newKey()),
    onSuccess: (started) => window.location.assign(started.checkoutUrl),
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Top up by card"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isInBounds) paying.mutate();
        }}
      >
        <Stack>
          <NumberInput
            label="Amount"
            description={`From ${usd(least)} to ${usd(most)}. This is what your wallet receives.`}
            prefix="$"
            thousandSeparator=","
            decimalScale={2}
            allowNegative={false}
            hideControls
            value={amount}
            onChange={setAmount}
            error={amount !== '' && !isInBounds ? `Between ${usd(least)} and ${usd(most)}.` : undefined}
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
                {usd(each).replace('.00', '')}
              </Button>
            ))}
          </Group>
          {fee.data && isInBounds && (
            <Table withRowBorders={false} className="figures">
              <Table.Tbody>
                <Table.Tr>
                  <Table.Th fw={400}>Your wallet receives</Table.Th>
                  <Table.Td ta="right">{usd(fee.data.net)}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th fw={400}>Card fee</Table.Th>
                  <Table.Td ta="right">{usd(fee.data.fee)}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>Your card is charged</Table.Th>
                  <Table.Td ta="right" fw={600}>
                    {usd(fee.data.gross)}
                  </Table.Td>
                </Table.Tr>
              </Table.Tbody>
            </Table>
          )}
          {paying.error && (
            <Alert color="red" role="alert" variant="light">
              {asProblem(paying.error).message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={paying.isPending || paying.isSuccess} disabled={!isInBounds}>
              Continue to payment
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
