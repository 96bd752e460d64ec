import { Alert, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { asProblem } from '~/shared/api/problem';

import { ConsoleMark } from '../shell/ConsoleMark';
import { sessionQuery, signIn } from '../session';
import { flawOf } from './flaw';
import css from './sign-in.module.css';

const route = getRouteApi('/sign-in');

export function SignIn() {
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [flaw, setFlaw] = useState('');
  useEffect(() => {
    document.title = 'Sign in · MeiSIM console';
  }, []);
  const entering = useMutation({
    mutationFn: () => signIn(email.trim(), password, code.trim()),
    onSuccess: async (operator) => {
      queries.setQueryData(sessionQuery.queryKey, operator);
      await router.navigate({ to: to ?? '/' });
    },
  });
  const message = flaw || (entering.error ? asProblem(entering.error).message : '');
  return (
    <div className={css.page}>
      <main className={css.box}>
        <ConsoleMark />
        <div>
          <Title order={1}>Sign in</Title>
          <p className={css.lead}>To the console of the people who run the service.</p>
        </div>
        {message && (
          <Alert color="red" role="alert" variant="light">
            {message}
          </Alert>
        )}
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const found = flawOf(email, password, code);
            setFlaw(found);
            if (!found) entering.mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Email"
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              autoFocus
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            />
            <TextInput
              label="One-time code"
              description="Six digits of your authenticator, if your account asks for them."
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={6}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" loading={entering.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </main>
    </div>
  );
}
