import { Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { Refusal } from '~/shared/ui/states';
import { t } from '../words';
import { addWebhook, changeWebhook, type Webhook, type WebhookEvent } from './data';
import { readThresholds } from './wishes';

const low: WebhookEvent = 'wallet.low_balance';

interface Props {
  /** What is changed, `new` for one that is added, null while nothing is. */
  of: Webhook | 'new' | null;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

export function WebhookForm({ of, onClose, onSecret }: Props) {
  return (
    <Dialog
      opened={of !== null}
      onClose={onClose}
      title={of === 'new' ? t.developers.addTitle : t.developers.changeTitle}
    >
      {of && <WebhookFields hook={of === 'new' ? undefined : of} onClose={onClose} onSecret={onSecret} />}
    </Dialog>
  );
}

interface FieldsProps {
  hook: Webhook | undefined;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

function WebhookFields({ hook, onClose, onSecret }: FieldsProps) {
  const [url, setUrl] = useState(hook?.url ?? '');
  const [events, setEvents] = useState<WebhookEvent[]>(hook?.events ?? ['order.completed', 'order.failed']);
  const [amounts, setAmounts] = useState((hook?.low_balance_thresholds_usd ?? [50]).join(' '));
  const queries = useQueryClient();
  const thresholds = readThresholds(amounts);
  const isGood =
    url.trim() !== '' && events.length > 0 && (!events.includes(low) || thresholds !== undefined);
  const saving = useMutation({
    mutationFn: async () => {
      const wish = {
        url: url.trim(),
        events,
        low_balance_thresholds_usd: events.includes(low) ? thresholds : undefined,
      };
      if (hook) await changeWebhook(hook.id, wish);
      else return (await addWebhook(wish)).secret;
    },
    onSuccess: async (secret) => {
      onClose();
      if (secret) onSecret(secret);
      await queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) saving.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={t.developers.address}
          type="url"
          placeholder="https://shop.example.com/meisim"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group
          label={t.developers.tellWhen}
          value={events}
          onChange={(chosen) => setEvents(chosen as WebhookEvent[])}
        >
          <Stack gap="xs" mt="xs">
            {Object.entries(t.developers.eventNames).map(([event, name]) => (
              <Checkbox key={event} value={event} label={name} description={event} />
            ))}
          </Stack>
        </Checkbox.Group>
        {events.includes(low) && (
          <TextInput
            label={t.developers.thresholds}
            description={t.developers.thresholdsHint}
            value={amounts}
            onChange={(event) => setAmounts(event.currentTarget.value)}
            error={thresholds ? undefined : t.developers.thresholdsFlaw}
          />
        )}
        <Refusal error={saving.error} />
        <DialogFoot onClose={onClose}>
          <Button type="submit" loading={saving.isPending} disabled={!isGood}>
            {hook ? t.developers.save : t.developers.add}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
