import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '~/shared/api/client';
import { count, usd } from '~/shared/text/format';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { told } from '~/shared/ui/notify';
import { Refusal } from '~/shared/ui/states';
import { t } from '../words';
import { buy, type Sku } from './data';

const mostAtOnce = 1000;

interface Props {
  sku: Sku | null;
  left: number;
  onClose: () => void;
}

export function BuyDialog({ sku, left, onClose }: Props) {
  return (
    <Dialog opened={sku !== null} onClose={onClose} title={sku ? t.stock.buyWhat(sku.name) : ''}>
      {sku && <BuyFields sku={sku} left={left} onClose={onClose} />}
    </Dialog>
  );
}

function BuyFields({ sku, left, onClose }: { sku: Sku; left: number; onClose: () => void }) {
  const [quantity, setQuantity] = useState<number | string>(1);
  const queries = useQueryClient();
  // A key belongs to a quantity: a repeat under the same key buys nothing more.
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
          ? t.stock.boughtPart(t.units.esims(quantity_filled), usd(sale.cost_usd))
          : t.stock.bought(t.units.esims(quantity_filled), usd(sale.cost_usd)),
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
          label={t.fields.quantity}
          description={t.stock.left(count(left), usd(sku.price_usd))}
          min={1}
          max={most}
          allowDecimal={false}
          value={quantity}
          onChange={setQuantity}
          error={quantity !== '' && !isGood ? t.fields.range('1', count(most)) : undefined}
          data-autofocus
        />
        <Refusal error={buying.error} />
        <Group justify="space-between">
          <Text fw={600} className="figures">
            {isGood ? usd(total) : ''}
          </Text>
          <DialogFoot onClose={onClose}>
            <Button type="submit" disabled={!isGood} loading={buying.isPending}>
              {isGood ? t.stock.buyFor(usd(total)) : t.stock.buy}
            </Button>
          </DialogFoot>
        </Group>
      </Stack>
    </form>
  );
}
