import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '~/shared/api/problem';
import { CopyField } from '~/shared/ui/CopyField';
import { addWebhook, type WebhookEvent } from './data';

/** Every event there is: one that is missing here does not compile. */
const eventNames: Record<WebhookEvent, string> = {
  'order.completed': 'An order is completed',
  'order.failed': 'An order has failed',
  'order.refused_for_funds': 'An order was refused because the balance was too low',
  'esim.installed': 'An eSIM is installed',
  'esim.data_low': 'The data of an eSIM runs out',
  'esim.expiring': 'An eSIM expires soon',
  'wallet.credited': 'Money came into the wallet',
  'wallet.low_balance': 'The balance is low',
  'batch.completed': 'A batch is complete',
  'replacement.decided': 'A replacement is decided',
};

interface Props {
  opened: boolean;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

export function NewWebhook({ opened, onClose, onSecret }: Props) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<string[]>(['order.completed', 'order.failed']);
  const queries = useQueryClient();
  const adding = useMutation({
    mutationFn: () => addWebhook(url.trim(), events as WebhookEvent[]),
    onSuccess: async (hook) => {
      onClose();
      setUrl('');
      onSecret(hook.secret);
      await queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Add a webhook"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          adding.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Address"
            type="url"
            placeholder="https://shop.example.com/meisim"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            data-autofocus
          />
          <Checkbox.Group label="Tell it when" value={events} onChange={setEvents}>
            <Stack gap="xs" mt="xs">
              {Object.entries(eventNames).map(([event, name]) => (
                <Checkbox key={event} value={event} label={name} description={event} />
              ))}
            </Stack>
          </Checkbox.Group>
          {adding.error && (
            <Alert color="red" role="alert" variant="light">
              {asProblem(adding.error).message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={adding.isPending}
              disabled={url.trim() === '' || events.length === 0}
            >
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A secret is shown once. */
export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title="The webhook’s secret"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text size="sm">Your server checks our signatures with it. It is shown this once: copy it now.</Text>
        <CopyField label="Secret" text={secret ?? ''} />
        <Button onClick={onClose}>I have copied it</Button>
      </Stack>
    </Modal>
  );
}
