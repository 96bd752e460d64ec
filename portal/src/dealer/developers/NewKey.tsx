import { Button, Checkbox, Stack, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isoDay } from '~/shared/text/format';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { Refusal } from '~/shared/ui/states';
import { t } from '../words';
import { makeKey } from './data';
import { keyWishOf, scopes, type KeyForm, type Scope } from './wishes';

interface Props {
  opened: boolean;
  onClose: () => void;
  onKey: (key: string) => void;
}

export function NewKey({ opened, onClose, onKey }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t.developers.newKeyTitle}>
      {opened && <KeyFields onClose={onClose} onKey={onKey} />}
    </Dialog>
  );
}

/** A key for a purpose: what it may, for how long, and from where. */
function KeyFields({ onClose, onKey }: Omit<Props, 'opened'>) {
  const [form, setForm] = useState<KeyForm>({ label: '', scopes: ['read'], lastDay: '', networks: '' });
  const queries = useQueryClient();
  const set = (change: Partial<KeyForm>) => setForm((old) => ({ ...old, ...change }));
  const making = useMutation({
    mutationFn: () => makeKey(keyWishOf(form)),
    onSuccess: async (made) => {
      onClose();
      onKey(made.apiKey);
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={t.developers.label}
          description={t.developers.labelHint}
          placeholder={t.developers.labelExample}
          maxLength={64}
          value={form.label}
          onChange={(event) => set({ label: event.currentTarget.value })}
          data-autofocus
        />
        <Checkbox.Group
          label={t.developers.scopes}
          value={form.scopes}
          onChange={(chosen) => set({ scopes: chosen as Scope[] })}
        >
          <Stack gap="xs" mt="xs">
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={t.developers.scopeNames[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label={t.developers.expiry}
          description={t.developers.expiryHint}
          type="date"
          min={isoDay(new Date())}
          value={form.lastDay}
          onChange={(event) => set({ lastDay: event.currentTarget.value })}
        />
        <Textarea
          label={t.developers.networks}
          description={t.developers.networksHint}
          placeholder={'192.0.2.7\n10.0.0.0/8'}
          rows={2}
          spellCheck={false}
          value={form.networks}
          onChange={(event) => set({ networks: event.currentTarget.value })}
        />
        <Refusal error={making.error} />
        <DialogFoot onClose={onClose}>
          <Button
            type="submit"
            loading={making.isPending}
            disabled={form.label.trim() === '' || form.scopes.length === 0}
          >
            {t.developers.make}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
