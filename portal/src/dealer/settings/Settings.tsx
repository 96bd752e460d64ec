import {
  Alert,
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouteContext, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '~/shared/api/problem';
import { Card } from '~/shared/ui/Card';
import { failed, told } from '~/shared/ui/notify';
import { Page } from '~/shared/ui/Page';
import { signOut, type Dealer } from '../session';
import facts from '../orders/orders.module.css';
import { changePassword, leastPassword } from './data';

export function Settings() {
  const { dealer } = useRouteContext({ from: '/inside' });
  return (
    <Page name="Settings">
      <Card title="Company">
        <dl className={facts.facts}>
          <dt>Name</dt>
          <dd>{dealer.company}</dd>
          <dt>Email</dt>
          <dd>{dealer.email}</dd>
          <dt>Stock</dt>
          <dd>{dealer.portal ? 'You can buy from stock.' : 'By invitation: ask your account manager.'}</dd>
        </dl>
      </Card>
      <Look />
      <Password dealer={dealer} />
      <Session />
    </Page>
  );
}

function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Card title="Look">
      <SegmentedControl
        aria-label="Look"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
        data={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'auto', label: 'As the system' },
        ]}
      />
    </Card>
  );
}

function Password({ dealer }: { dealer: Dealer }) {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const queries = useQueryClient();
  const router = useRouter();
  const isLong = wanted.length >= leastPassword;
  const changing = useMutation({
    mutationFn: () => changePassword(dealer.email, current, wanted),
    onSuccess: async () => {
      told('Your password is changed. Sign in with the new one.');
      // All sessions have ended with the old password, this one too.
      await signOut(queries);
      await router.invalidate();
    },
  });
  return (
    <Card title="Password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          changing.mutate();
        }}
      >
        <Stack maw={420}>
          <input type="email" autoComplete="username" value={dealer.email} readOnly hidden />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            description={`At least ${leastPassword} characters.`}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            error={wanted !== '' && !isLong ? `At least ${leastPassword} characters.` : undefined}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={again !== '' && again !== wanted ? 'It is not the same.' : undefined}
          />
          {changing.error && (
            <Alert color="red" role="alert" variant="light">
              {asProblem(changing.error).message}
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            All sessions and tokens end with the old password. API keys stay.
          </Text>
          <Group>
            <Button
              type="submit"
              loading={changing.isPending}
              disabled={!isLong || again !== wanted || current === ''}
            >
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Session() {
  const queries = useQueryClient();
  const router = useRouter();
  return (
    <Card title="This session">
      <Stack align="flex-start">
        <Text size="sm">It ends twelve hours after you signed in, or when you sign out.</Text>
        <Button
          variant="default"
          onClick={() => void signOut(queries).then(() => router.invalidate(), failed)}
        >
          Sign out
        </Button>
      </Stack>
    </Card>
  );
}
