import { Button, Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { told } from '~/shared/ui/notify';
import { Refusal, Shown } from '~/shared/ui/states';
import { languageNames, t } from '../words';
import { noticesQuery, saveNotices, type Notices as Choices } from './data';
import { formOf, wishOf, type NoticesForm } from './notices';
import css from './settings.module.css';

/** What the account is mailed about. */
export function Notices() {
  const { dealer } = useRouteContext({ from: '/inside' });
  const choices = useQuery(noticesQuery);
  return (
    <Card title={t.settings.notices}>
      <Stack>
        <Text size="sm">{t.settings.noticesText(dealer.email)}</Text>
        <Shown of={choices} lines={4}>
          {(data) => <Fields choices={data} />}
        </Shown>
      </Stack>
    </Card>
  );
}

const languages = Object.entries(languageNames).map(([value, label]) => ({ value, label }));

function Fields({ choices }: { choices: Choices }) {
  const [form, setForm] = useState<NoticesForm>(() => formOf(choices));
  const queries = useQueryClient();
  const wish = wishOf(form);
  const set = (change: Partial<NoticesForm>) => setForm((old) => ({ ...old, ...change }));
  const saving = useMutation({
    mutationFn: saveNotices,
    onSuccess: (saved) => {
      told(t.settings.noticesSaved);
      queries.setQueryData(noticesQuery.queryKey, saved);
      setForm(formOf(saved));
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wish) saving.mutate(wish);
      }}
    >
      <Stack className={css.notices}>
        <TextInput
          label={t.settings.lowBalance}
          description={t.settings.lowBalanceHint}
          inputMode="decimal"
          placeholder="50.00"
          value={form.low}
          onChange={(event) => set({ low: event.currentTarget.value })}
          error={!wish && t.wallet.between(usd(0.01), usd(1_000_000))}
        />
        <Checkbox
          label={t.settings.failedOrders}
          description={t.settings.failedOrdersHint}
          checked={form.failedOrders}
          onChange={(event) => set({ failedOrders: event.currentTarget.checked })}
        />
        <Checkbox
          label={t.settings.disabledWebhooks}
          checked={form.disabledWebhooks}
          onChange={(event) => set({ disabledWebhooks: event.currentTarget.checked })}
        />
        <NativeSelect
          label={t.settings.mailLanguage}
          data={languages}
          value={form.language}
          onChange={(event) => set({ language: event.currentTarget.value as NoticesForm['language'] })}
        />
        <Refusal error={saving.error} />
        <div>
          <Button type="submit" loading={saving.isPending} disabled={!wish}>
            {t.settings.saveNotices}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
