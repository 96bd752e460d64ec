import { Alert, Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { count, plural, usd } from '~/shared/text/format';
import { told } from '~/shared/ui/notify';
import { buy, type Sku } from './data';

const mostAtOnce = 1000;

interface Props {
  sku: Sku | null;
  left: number;
  onClose: () => void;
}

export function BuyDialog({ sku, left, onClose }: Props) {
  return (
    <Modal
      opened={sku !== null}
      onClose={onClose}
      title={sku ? `Buy ${sku.name}` : ''}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {sku && <BuyFields sku={sku} left={left} onClose={onClose} />}
    </Modal>
  );
}

function BuyFields({ sku, left, onClose }: { sku: Sku; left: number; onClose: () => void }) {
  const [quantity, setQuantity] = useState<number | string>(1);
  const queries = useQueryClient();
  // A key belongs to a quantity: what is asked for again under it is not bought again.
  const key = useRef({ of: 0, key: '' });
  const most = Math.min(left, mostAtOnce);
  const units = Number(quantity);
  const isGood = Number.isInteger(units) && units >= 1 && units <= most;
  const total = (Math.round(sku.price_usd * 100) * units) / 100;
  const buying = useMutation({
    mutationFn: () => {
      if (key.current.of !== units) key.current = { of: units, key: newKey() };
      return buy(sku.id, units, total, key.current.key);
    },
    onSuccess: async (sale) => {
      const { quantity_filled, partial } = sale.result;
      told(
        partial
          ? `${plural(quantity_filled, 'eSIM')} were left and are yours. You paid ${usd(sale.cost_usd)}; the rest came back.`
          : `${plural(quantity_filled, 'eSIM')} bought for ${usd(sale.cost_usd)}.`,
      );
      onClose();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['stock'] }),
        queries.invalidateQueries({ queryKey: ['wallet'] }),
      ]);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) buying.mutate();
      }}
    >
      <Stack>
        <NumberInput
          label="Quantity"
          description={`${count(left)} in stock, ${usd(sku.price_usd)} each.`}
          min={1}
          max={most}
          allowDecimal={false}
          value={quantity}
          onChange={setQuantity}
          error={quantity !== '' && !isGood ? `From 1 to ${count(most)}.` : undefined}
          data-autofocus
        />
        {buying.error && (
          <Alert color="red" role="alert" variant="light">
            {asProblem(buying.error).message}
          </Alert>
        )}
        <Group justify="space-between">
          <Text fw={600} className="figures">
            {isGood ? usd(total) : ''}
          </Text>
          <Group>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isGood} loading={buying.isPending}>
              {isGood ? `Buy for ${usd(total)}` : 'Buy'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
