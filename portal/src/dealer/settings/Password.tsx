import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '~/shared/ui/Card';
import { told } from '~/shared/ui/notify';
import { Refusal } from '~/shared/ui/states';
import { signOut, type Dealer } from '../session';
import { t } from '../words';
import { changePassword, leastPassword } from './data';

export function Password({ dealer }: { dealer: Dealer }) {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const queries = useQueryClient();
  const router = useRouter();
  const isLong = wanted.length >= leastPassword;
  const changing = useMutation({
    mutationFn: () => changePassword(dealer.email, current, wanted),
    onSuccess: async () => {
      told(t.settings.passwordChanged);
      // All sessions have ended with the old password, this one too.
      await signOut(queries);
      await router.invalidate();
    },
  });
  return (
    <Card title={t.fields.password}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          changing.mutate();
        }}
      >
        <Stack maw={420}>
          <input type="email" autoComplete="username" value={dealer.email} readOnly hidden />
          <PasswordInput
            label={t.fields.currentPassword}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.settings.newPassword}
            autoComplete="new-password"
            description={t.settings.passwordHint(leastPassword)}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            error={wanted !== '' && !isLong ? t.settings.passwordHint(leastPassword) : undefined}
          />
          <PasswordInput
            label={t.settings.newPasswordAgain}
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={again !== '' && again !== wanted ? t.settings.notSame : undefined}
          />
          <Refusal error={changing.error} />
          <Text size="sm" c="dimmed">
            {t.settings.passwordText}
          </Text>
          <Group>
            <Button
              type="submit"
              loading={changing.isPending}
              disabled={!isLong || again !== wanted || current === ''}
            >
              {t.settings.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
