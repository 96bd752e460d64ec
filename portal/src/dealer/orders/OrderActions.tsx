import { Alert, Button, Group, Modal, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import { newKey } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { data, moment, plural, usd } from '~/shared/text/format';
import { told } from '~/shared/ui/notify';
import { Shown } from '~/shared/ui/states';
import { walletQuery } from '../wallet/data';
import { replace, resend, revoke, usageQuery, type OrderDetails } from './data';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  error: unknown;
  confirm: ReactNode;
}

/** Says what will happen, and what it costs, before it does. */
function Dialog({ opened, onClose, title, children, error, confirm }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {children}
        {error != null && (
          <Alert color="red" role="alert" variant="light">
            {asProblem(error).message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {confirm}
        </Group>
      </Stack>
    </Modal>
  );
}

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
      told(`Mailed to ${sent.email}.`);
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
        Resend mail
      </Button>
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title="Resend the mail"
        error={sending.error}
        confirm={
          <Button loading={sending.isPending} onClick={() => sending.mutate()}>
            {wallet.data ? `Send for ${usd(wallet.data.resendFee)}` : 'Send'}
          </Button>
        }
      >
        <TextInput
          label="Email"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
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
        Replace
      </Button>
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title={several ? `Replace eSIM ${unit}` : 'Replace the eSIM'}
        error={replacing.error}
        confirm={
          <Button loading={replacing.isPending} onClick={() => replacing.mutate()}>
            Replace for {usd(order.unitPriceUsd)}
          </Button>
        }
      >
        <Text size="sm">
          Another eSIM of the same product is ordered, paid from your wallet and mailed to the customer. If
          the price is higher than {usd(order.unitPriceUsd)} by now, nothing happens, and you are told.
        </Text>
      </Dialog>
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
      told('The eSIM is revoked.');
      await refresh();
    },
  });
  const lastDigits = iccid.slice(-4);
  return (
    <>
      <Button variant="subtle" color="red" size="compact-sm" onClick={dialog.open}>
        Revoke
      </Button>
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title="Revoke the eSIM"
        error={revoking.error}
        confirm={
          <Button
            color="red"
            disabled={typed !== lastDigits}
            loading={revoking.isPending}
            onClick={() => revoking.mutate()}
          >
            Revoke for good
          </Button>
        }
      >
        <Text size="sm">It stops working for the customer, at once and for good. Nothing is refunded.</Text>
        <TextInput
          label={`Type the last four digits of its ICCID, ${lastDigits}`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          inputMode="numeric"
          data-autofocus
        />
      </Dialog>
    </>
  );
}

export function UsageButton({ iccid }: { iccid: string }) {
  const [opened, dialog] = useDisclosure(false);
  const usage = useQuery({ ...usageQuery(iccid), enabled: opened });
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open}>
        Usage
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title="Usage"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Shown of={usage} lines={3}>
          {({ DataUsedMb: used = 0, DataAllowanceMb: allowance, ...details }) => (
            <Stack gap="xs">
              <Group justify="space-between">
                <Text size="sm">{details.State}</Text>
                <Text size="sm" className="figures">
                  {data(used)} of {data(allowance)}
                </Text>
              </Group>
              <Progress value={allowance ? (100 * used) / allowance : 0} aria-label="Data used" />
              <Text size="sm" c="dimmed">
                {details.ExpiresAt
                  ? `Until ${moment(details.ExpiresAt)}`
                  : `${plural(details.ValidityDays ?? 0, 'day')} from the first use`}
              </Text>
            </Stack>
          )}
        </Shown>
      </Modal>
    </>
  );
}
