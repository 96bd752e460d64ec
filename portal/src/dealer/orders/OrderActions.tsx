import { Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { newKey } from '~/shared/api/client';
import { data, daysLong, moment, usd } from '~/shared/text/format';
import { ConfirmDialog, Dialog } from '~/shared/ui/Dialog';
import { told } from '~/shared/ui/notify';
import { Shown } from '~/shared/ui/states';
import { walletQuery } from '../wallet/data';
import { t } from '../words';
import { replace, resend, revoke, usageQuery, type OrderDetails } from './data';

function useRefresh(order: OrderDetails) {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['order'] }),
      queries.invalidateQueries({ queryKey: ['orders'] }),
      queries.invalidateQueries({ queryKey: ['wallet'] }),
    ]).then(() => order);
}

export function ResendButton({ order }: { order: OrderDetails }) {
  const [opened, dialog] = useDisclosure(false);
  const [email, setEmail] = useState(order.customerEmail ?? '');
  const wallet = useQuery({ ...walletQuery, enabled: opened });
  const key = useRef('');
  const refresh = useRefresh(order);
  const sending = useMutation({
    mutationFn: () =>
      resend(order.id, email.trim() === order.customerEmail ? undefined : email.trim(), key.current),
    onSuccess: async (sent) => {
      dialog.close();
      told(t.orders.mailedTo(sent.email));
      await refresh();
    },
  });
  const open = () => {
    key.current = newKey();
    sending.reset();
    dialog.open();
  };
  return (
    <>
      <Button variant="default" size="sm" onClick={open}>
        {t.orders.resend}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={t.orders.resendTitle}
        error={sending.error}
        confirm={
          <Button loading={sending.isPending} onClick={() => sending.mutate()}>
            {wallet.data ? t.orders.sendFor(usd(wallet.data.resendFee)) : t.orders.send}
          </Button>
        }
      >
        <TextInput
          label={t.fields.email}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}

export function ReplaceButton({ order, unit }: { order: OrderDetails; unit: number }) {
  const [opened, dialog] = useDisclosure(false);
  const navigate = useNavigate();
  const key = useRef('');
  const refresh = useRefresh(order);
  const several = order.quantity > 1;
  const replacing = useMutation({
    mutationFn: () => replace(order.id, several ? unit : undefined, order.unitPriceUsd, key.current),
    onSuccess: async (placed) => {
      dialog.close();
      await refresh();
      await navigate({ to: '/orders/$order', params: { order: placed.shortId } });
    },
  });
  const open = () => {
    key.current = newKey();
    replacing.reset();
    dialog.open();
  };
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}>
        {t.orders.replace}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={several ? t.orders.replaceUnit(unit) : t.orders.replaceOne}
        error={replacing.error}
        confirm={
          <Button loading={replacing.isPending} onClick={() => replacing.mutate()}>
            {t.orders.replaceFor(usd(order.unitPriceUsd))}
          </Button>
        }
      >
        <Text size="sm">{t.orders.replaceText(usd(order.unitPriceUsd))}</Text>
      </ConfirmDialog>
    </>
  );
}

export function RevokeButton({ order, iccid }: { order: OrderDetails; iccid: string }) {
  const [opened, dialog] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  const refresh = useRefresh(order);
  const revoking = useMutation({
    mutationFn: () => revoke(iccid),
    onSuccess: async () => {
      dialog.close();
      told(t.orders.isRevoked);
      await refresh();
    },
  });
  const lastDigits = iccid.slice(-4);
  return (
    <>
      <Button variant="subtle" color="red" size="compact-sm" onClick={dialog.open}>
        {t.orders.revoke}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={t.orders.revokeTitle}
        error={revoking.error}
        confirm={
          <Button
            color="red"
            disabled={typed !== lastDigits}
            loading={revoking.isPending}
            onClick={() => revoking.mutate()}
          >
            {t.orders.revokeForGood}
          </Button>
        }
      >
        <Text size="sm">{t.orders.revokeText}</Text>
        <TextInput
          label={t.orders.revokeDigits(lastDigits)}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          inputMode="numeric"
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}

export function UsageButton({ iccid }: { iccid: string }) {
  const [opened, dialog] = useDisclosure(false);
  const usage = useQuery({ ...usageQuery(iccid), enabled: opened });
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open}>
        {t.orders.usage}
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title={t.orders.usage}>
        <Shown of={usage} lines={3}>
          {({ DataUsedMb: used = 0, DataAllowanceMb: allowance, ...details }) => (
            <Stack gap="xs">
              <Group justify="space-between">
                <Text size="sm">{details.State}</Text>
                <Text size="sm" className="figures">
                  {t.orders.usedOf(data(used), data(allowance))}
                </Text>
              </Group>
              <Progress value={allowance ? (100 * used) / allowance : 0} aria-label={t.orders.used} />
              <Text size="sm" c="dimmed">
                {details.ExpiresAt
                  ? t.orders.until(moment(details.ExpiresAt))
                  : details.ValidityDays
                    ? t.orders.fromFirstUse(daysLong(details.ValidityDays))
                    : ''}
              </Text>
            </Stack>
          )}
        </Shown>
      </Dialog>
    </>
  );
}
